package io.github.skydl4j.bench;

import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.graph.Storage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.Pointer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * Native memory of a BERT-base block for each micro-batch in flight: forwards of so many, then their backwards, as a stage
 * does them. Arguments: examples of a micro-batch, dropout.
 */
final class BlockMemory {
    private static final int TIME = 128;
    private static final int IN_FLIGHT = 8;
    private static final double MEBIBYTE = 1 << 20;

    private BlockMemory() {}

    public static void main(String[] arguments) {
        int batch = Integer.parseInt(arguments[0]);
        double dropout = Double.parseDouble(arguments[1]);
        BertConfig config = BertConfig.builder()
                .hiddenLayers(3)
                .vocabularySize(1000)
                .dropout(dropout)
                .build();
        ComputationGraph network = new ComputationGraph(
                BertGraph.builder(config).updater(new Sgd(1e-3)).build());
        network.init();
        // The second block: its input comes from another stage and its output goes to another.
        StageGraph stage = new GraphSplitter(network).stage(4, 7, Storage.SHARED);
        INDArray mask = Nd4j.ones(DataType.FLOAT, batch, TIME);
        MicroBatch microBatch =
                new MicroBatch(0, batch, 0, Map.of(BertGraph.MASK, mask), Map.of(), Map.of(), Map.of(), false);
        INDArray error = Nd4j.randn(DataType.FLOAT, batch, TIME, config.hiddenSize());
        List<StageGraph> inFlight = new ArrayList<>();
        List<Object> held = new ArrayList<>();
        double[] megabytes = new double[IN_FLIGHT];
        for (int m = 0; m < IN_FLIGHT; m++) {
            StageGraph graph = m == 0 ? stage : stage.replica();
            INDArray hidden = Nd4j.randn(DataType.FLOAT, batch, TIME, config.hiddenSize());
            held.add(graph.forward(microBatch, Map.of(BertGraph.output(0), new BoundaryTensor(hidden, null))));
            inFlight.add(graph);
            megabytes[m] = Pointer.physicalBytes() / MEBIBYTE;
        }
        for (StageGraph graph : inFlight) {
            graph.backward(Map.of(BertGraph.output(1), error.dup()));
        }
        double afterBackwards = Pointer.physicalBytes() / MEBIBYTE;
        double each = (megabytes[IN_FLIGHT - 1] - megabytes[1]) / (IN_FLIGHT - 2);
        System.out.printf(
                "a micro-batch in flight %.1f MiB, its input and output included; for the backwards of all %d of them %.1f MiB more (%d held)%n",
                each, IN_FLIGHT, afterBackwards - megabytes[IN_FLIGHT - 1], held.size());
    }
}
