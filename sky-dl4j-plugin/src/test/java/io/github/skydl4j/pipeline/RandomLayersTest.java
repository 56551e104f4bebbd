package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.bert.BertGraph;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import io.github.skydl4j.testing.SmallGraphs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Dropout neither depends on how the work is cut nor on whether it is done twice. */
class RandomLayersTest {
    private static final int STEPS = 20;

    @Test
    void bertWithDropoutTrainsTheSameHoweverItIsCut() {
        INDArray one = trained(bert(), 1, 1, false);
        assertThat(trained(bert(), 1, 1, false)).isEqualTo(one);
        assertClose(trained(bert(), 3, 4, false), one);
        assertClose(trained(bert(), 3, 4, true), one);
    }

    @Test
    void dropoutOfBertIsTheOneOfFit() {
        ComputationGraph whole = bert();
        for (int step = 0; step < STEPS; step++) {
            whole.fit(sentences(step));
        }
        assertThat(trained(bert(), 3, 1, false)).isEqualTo(whole.params());
    }

    @Test
    void recomputedStagesOfLayersWithDl4jDropoutTrainTheSame() {
        assertThat(trained(dense(), 3, 4, true)).isEqualTo(trained(dense(), 3, 4, false));
    }

    private static INDArray trained(ComputationGraph network, int stages, int microBatches, boolean recompute) {
        BatchCutter cutter = new BatchCutter(network.getConfiguration());
        try (Pipeline pipeline = new Pipeline(hosts(network, stages, recompute), 8, Duration.ofSeconds(60))) {
            for (int step = 0; step < STEPS; step++) {
                MultiDataSet data = network.getNumInputArrays() == 3 ? sentences(step) : points(step);
                List<MicroBatch> batch = cutter.cut(data, microBatches);
                pipeline.train(batch, schedule(stages, microBatches), step, 0, () -> {});
            }
        }
        return network.params();
    }

    private static List<StageHost> hosts(ComputationGraph network, int stages, boolean recompute) {
        GraphSplitter splitter = new GraphSplitter(network);
        int units = splitter.units().size();
        List<StageHost> hosts = new ArrayList<>();
        for (int s = 0; s < stages; s++) {
            hosts.add(new StageHost(
                    splitter.stage(s * units / stages, (s + 1) * units / stages, Storage.SHARED),
                    "w" + s,
                    Emulation.NONE,
                    Link.INSTANT,
                    recompute));
        }
        return hosts;
    }

    private static Schedule schedule(int stages, int microBatches) {
        List<Long> times = Collections.nCopies(stages, 1L);
        return ScheduleKind.ROUND_TRIP.build(
                new StageTimes(times, times, Collections.nCopies(stages - 1, 0L)), microBatches);
    }

    private static ComputationGraph bert() {
        BertConfig config = BertConfig.builder()
                .vocabularySize(30)
                .hiddenSize(16)
                .attentionHeads(2)
                .intermediateSize(32)
                .hiddenLayers(2)
                .maxPositions(8)
                .labels(2)
                .dropout(0.1)
                .build();
        ComputationGraph graph = new ComputationGraph(BertGraph.builder(config)
                .updater(new Adam(1e-3))
                .seed(3)
                .dataType(DataType.DOUBLE)
                .build());
        graph.init();
        return graph;
    }

    private static ComputationGraph dense() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.01))
                .dropOut(0.7)
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "a",
                        new DenseLayer.Builder().nIn(SmallGraphs.INPUTS).nOut(8).build(),
                        "in")
                .addLayer("b", new DenseLayer.Builder().nIn(8).nOut(8).build(), "a")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(8)
                                .nOut(SmallGraphs.CLASSES)
                                .build(),
                        "b")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    private static MultiDataSet points(int step) {
        return (MultiDataSet) SmallGraphs.data(8, 8, step).next().toMultiDataSet();
    }

    private static MultiDataSet sentences(int step) {
        Random random = new Random(step);
        INDArray tokens = Nd4j.zeros(DataType.DOUBLE, 8, 6);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, 8, 2);
        for (int r = 0; r < 8; r++) {
            for (int t = 0; t < 6; t++) {
                tokens.putScalar(r, t, random.nextInt(30));
            }
            labels.putScalar(r, random.nextInt(2), 1);
        }
        INDArray[] features = {tokens, Nd4j.zeros(DataType.DOUBLE, 8, 6), Nd4j.ones(DataType.DOUBLE, 8, 6)};
        return new MultiDataSet(features, new INDArray[] {labels});
    }

    private static void assertClose(INDArray found, INDArray expected) {
        assertThat(found.sub(expected).amaxNumber().doubleValue()).isLessThan(1e-6);
    }
}
