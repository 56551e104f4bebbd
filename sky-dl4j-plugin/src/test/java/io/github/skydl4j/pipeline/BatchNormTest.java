package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * What batch normalization does under several micro-batches: each is normalised by its own mean and variance, as in GPipe,
 * so results differ from one large batch; the running statistics take one step of the usual decay toward the
 * micro-batches' mean, however many there are.
 */
class BatchNormTest {
    private static final double DECAY = 0.9;
    private static final int ROWS = 12;

    @Test
    void movesRunningStatisticsOnceTowardTheMeanOfTheMicroBatches() {
        ComputationGraph network = network();
        MultiDataSet batch = batch();
        List<MicroBatch> cut = step(network, batch, 3);
        INDArray meanOfMeans = Nd4j.zeros(DataType.DOUBLE, 1, 4);
        INDArray meanOfVariances = Nd4j.zeros(DataType.DOUBLE, 1, 4);
        for (MicroBatch microBatch : cut) {
            INDArray features = microBatch.features().get("in");
            meanOfMeans.addi(features.mean(true, 0).div(3));
            meanOfVariances.addi(features.var(false, 0).reshape(1, 4).div(3));
        }
        assertClose(network.getParam("norm_mean"), meanOfMeans.mul(1 - DECAY));
        assertClose(network.getParam("norm_var"), meanOfVariances.mul(1 - DECAY).add(DECAY));
    }

    @Test
    void doesNotRunAwayWithManyMicroBatches() {
        ComputationGraph network = network();
        for (int step = 0; step < 30; step++) {
            step(network, batch(), ROWS / 2);
        }
        INDArray mean = batch().getFeatures(0).mean(true, 0);
        assertThat(network.getParam("norm_mean").sub(mean).amaxNumber().doubleValue())
                .isLessThan(0.1);
    }

    @Test
    void normalisesEachMicroBatchByItsOwnStatistics() {
        ComputationGraph whole = network();
        ComputationGraph piped = whole.clone();
        MultiDataSet batch = batch();
        whole.fit(batch);
        step(piped, batch, 3);
        assertThat(piped.getParam("out_W").equalsWithEps(whole.getParam("out_W"), 1e-6))
                .as("a batch of %d and three of %d have different statistics", ROWS, ROWS / 3)
                .isFalse();
    }

    private static List<MicroBatch> step(ComputationGraph network, MultiDataSet batch, int microBatches) {
        List<MicroBatch> cut = new BatchCutter(network.getConfiguration()).cut(batch, microBatches);
        GraphSplitter splitter = new GraphSplitter(network);
        StageHost first = new StageHost(splitter.stage(0, 1, Storage.SHARED), "a", Emulation.NONE, Link.INSTANT);
        StageHost last = new StageHost(splitter.stage(1, 2, Storage.SHARED), "b", Emulation.NONE, Link.INSTANT);
        try (Pipeline pipeline = new Pipeline(List.of(first, last), microBatches, Duration.ofSeconds(20))) {
            StageTimes times = new StageTimes(List.of(1L, 1L), List.of(1L, 1L), List.of(0L));
            pipeline.train(cut, ScheduleKind.ONE_F_ONE_B.build(times, cut.size()), 0, 0, () -> {});
        }
        return cut;
    }

    private static ComputationGraph network() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("in")
                .addLayer(
                        "norm",
                        new BatchNormalization.Builder()
                                .nIn(4)
                                .nOut(4)
                                .decay(DECAY)
                                .useLogStd(false)
                                .build(),
                        "in")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(4)
                                .nOut(2)
                                .build(),
                        "norm")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    private static MultiDataSet batch() {
        Nd4j.getRandom().setSeed(11);
        INDArray features = Nd4j.randn(DataType.DOUBLE, ROWS, 4).muli(2).addi(1);
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, ROWS, 2);
        for (int r = 0; r < ROWS; r++) {
            labels.putScalar(r, r % 2, 1);
        }
        return new MultiDataSet(features, labels);
    }

    private static void assertClose(INDArray found, INDArray expected) {
        assertThat(found.reshape(expected.shape()).equalsWithEps(expected, 1e-12))
                .as("%s and %s", found, expected)
                .isTrue();
    }
}
