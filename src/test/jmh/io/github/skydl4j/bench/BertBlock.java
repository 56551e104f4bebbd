package io.github.skydl4j.bench;

import io.github.skydl4j.bert.BertArrays;
import io.github.skydl4j.bert.BertAttention;
import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertIntermediate;
import io.github.skydl4j.bert.BertOutput;
import io.github.skydl4j.bert.TrainingSettings;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** One block of a BERT as a graph of its own, backward from a given error. */
final class BertBlock extends ComputationGraph {
    private static final long serialVersionUID = 1L;

    private static final String OUTPUT = "output";

    BertBlock(BertConfig config) {
        super(configuration(config));
        init();
        BertArrays.manage(this, Set.of());
    }

    void forwardAndBackward(INDArray hidden, INDArray mask, INDArray error) {
        feedForward(new INDArray[] {hidden, mask}, true, false);
        calcBackpropGradients(true, false, error);
    }

    private static ComputationGraphConfiguration configuration(BertConfig config) {
        TrainingSettings training = new TrainingSettings(new Sgd(1e-3), List.of(), GradientNormalization.None, 1);
        return new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.FLOAT)
                .updater(new Sgd(1e-3))
                .trainingWorkspaceMode(WorkspaceMode.NONE)
                .inferenceWorkspaceMode(WorkspaceMode.NONE)
                .graphBuilder()
                .addInputs("hidden", "mask")
                .addVertex("attention", new BertAttention(config, training), "hidden", "mask")
                .addVertex("intermediate", new BertIntermediate(config, training), "attention")
                .addVertex(OUTPUT, new BertOutput(config, training), "intermediate", "attention")
                .setOutputs(OUTPUT)
                .build();
    }
}
