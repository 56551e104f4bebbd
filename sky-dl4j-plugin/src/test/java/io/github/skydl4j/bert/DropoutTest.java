package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

class DropoutTest {
    private final BertConfig config = BertConfig.builder()
            .hiddenSize(8)
            .attentionHeads(2)
            .intermediateSize(12)
            .hiddenLayers(2)
            .vocabularySize(20)
            .maxPositions(10)
            .labels(3)
            .initializerRange(0.5)
            .dropout(0.1)
            .build();

    @Test
    void dropsTheGivenShareAndKeepsTheExpectation() {
        Dropout dropout = new Dropout(0.1, Dropout.key(1, 2, "block0.attention", 0), 0);

        INDArray factors = dropout.factors(DataType.DOUBLE, 10, new long[] {10, 20_000});

        assertThat(factors.eq(0).castTo(DataType.DOUBLE).meanNumber().doubleValue())
                .isCloseTo(0.1, within(0.003));
        assertThat(factors.meanNumber().doubleValue()).isCloseTo(1, within(0.003));
    }

    @Test
    void keysOfStepsUnitsPlacesAndSeedsDiffer() {
        long key = Dropout.key(1, 2, "block0.attention", 0);

        assertThat(Dropout.key(2, 2, "block0.attention", 0)).isNotEqualTo(key);
        assertThat(Dropout.key(1, 3, "block0.attention", 0)).isNotEqualTo(key);
        assertThat(Dropout.key(1, 2, "block1.attention", 0)).isNotEqualTo(key);
        assertThat(Dropout.key(1, 2, "block0.attention", 1)).isNotEqualTo(key);
    }

    @Test
    void neighboursAreIndependent() {
        INDArray factors = new Dropout(0.5, 5, 0).factors(DataType.DOUBLE, 2, new long[] {2, 50_000});
        INDArray signs = factors.sub(1);
        INDArray left = signs.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 49_999));
        INDArray right = signs.get(NDArrayIndex.all(), NDArrayIndex.interval(1, 50_000));

        assertThat(left.mul(right).meanNumber().doubleValue()).isCloseTo(0, within(0.015));
        assertThat(signs.getRow(0).mul(signs.getRow(1)).meanNumber().doubleValue())
                .isCloseTo(0, within(0.02));
    }

    @Test
    void isOffWhenNotTraining() {
        ComputationGraph dropping = graph(config, DataType.DOUBLE);
        ComputationGraph plain = graph(config.toBuilder().dropout(0).build(), DataType.DOUBLE);
        MultiDataSet data = data(DataType.DOUBLE, 4);

        assertThat(dropping.output(data.getFeatures())[0]).isEqualTo(plain.output(data.getFeatures())[0]);
        assertThat(dropping.score(data, true)).isNotEqualTo(plain.score(data, true));
    }

    @Test
    void changesFromStepToStepAndRepeatsForTheSameStep() {
        ComputationGraph graph = graph(config, DataType.DOUBLE);
        MultiDataSet data = data(DataType.DOUBLE, 4);
        double first = graph.score(data, true);

        assertThat(graph.score(data, true)).isEqualTo(first);
        try (DropoutScope step = DropoutScope.open(1, 0)) {
            assertThat(step.step()).isEqualTo(1);
            assertThat(graph.score(data, true)).isNotEqualTo(first);
        }
        assertThat(graph.score(data, true)).isEqualTo(first);
    }

    @Test
    void microBatchesDropWhatTheWholeBatchDrops() {
        assertMicroBatchesAgree(DataType.DOUBLE, 1e-12);
    }

    @Test
    void microBatchesDropWhatTheWholeBatchDropsInSinglePrecision() {
        assertMicroBatchesAgree(DataType.FLOAT, 1e-4);
    }

    @Test
    void gradientsAreTheSlopesOfTheLossWithItsDropout() {
        ComputationGraph graph = graph(config, DataType.DOUBLE);
        MultiDataSet data = data(DataType.DOUBLE, 3);
        INDArray gradient = gradient(graph, data, 0);

        for (long index = 0; index < gradient.length(); index += 31) {
            double value = graph.params().getDouble(index);
            graph.params().putScalar(index, value + 1e-5);
            double above = graph.score(data, true);
            graph.params().putScalar(index, value - 1e-5);
            double below = graph.score(data, true);
            graph.params().putScalar(index, value);
            double slope = 3 * (above - below) / 2e-5;
            assertThat(gradient.getDouble(index))
                    .as("parameter " + index)
                    .isCloseTo(slope, within(1e-6 * Math.max(1, Math.abs(slope))));
        }
    }

    private void assertMicroBatchesAgree(DataType type, double tolerance) {
        ComputationGraph graph = graph(config, type);
        MultiDataSet data = data(type, 7);
        INDArray whole = gradient(graph, data, 0);
        INDArray sum = gradient(graph, part(data, 0, 3), 0)
                .add(gradient(graph, part(data, 3, 5), 3))
                .add(gradient(graph, part(data, 5, 7), 5));

        double scale = whole.amaxNumber().doubleValue();
        assertThat(sum.sub(whole).amaxNumber().doubleValue() / scale).isLessThan(tolerance);
    }

    private static INDArray gradient(ComputationGraph graph, MultiDataSet data, int firstExample) {
        try (DropoutScope scope = DropoutScope.open(0, firstExample)) {
            assertThat(scope.firstExample()).isEqualTo(firstExample);
            graph.setInputs(data.getFeatures());
            graph.setLabels(data.getLabels());
            graph.computeGradientAndScore();
        }
        INDArray gradient = graph.getFlattenedGradients().dup();
        return gradient.reshape(gradient.length());
    }

    private static MultiDataSet part(MultiDataSet data, int first, int end) {
        INDArray[] features = new INDArray[data.getFeatures().length];
        for (int i = 0; i < features.length; i++) {
            features[i] = rows(data.getFeatures(i), first, end);
        }
        return new MultiDataSet(features, new INDArray[] {rows(data.getLabels(0), first, end)});
    }

    private static INDArray rows(INDArray matrix, int first, int end) {
        return matrix.get(NDArrayIndex.interval(first, end), NDArrayIndex.all());
    }

    private MultiDataSet data(DataType type, int examples) {
        return RandomBatch.of(config, examples, 6, type, new Random(5));
    }

    private static ComputationGraph graph(BertConfig config, DataType type) {
        ComputationGraph graph = new ComputationGraph(BertGraph.builder(config)
                .seed(3)
                .updater(new Sgd(0.1))
                .dataType(type)
                .build());
        graph.init();
        return graph;
    }
}
