package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/** Gradients against differences of the loss, on small odd shapes with padding. */
class BertGradientTest {
    private static final double STEP = 1e-5;
    private static final int CHECKED_PER_PARAMETER = 4;

    @ParameterizedTest
    @CsvSource({"3, 1, 1, 1, 1", "4, 2, 5, 2, 3", "6, 3, 7, 1, 5", "10, 2, 3, 3, 4"})
    void everyGradientIsTheSlopeOfTheLoss(int hidden, int heads, int width, int batch, int time) {
        BertConfig config = config(hidden, heads, width);
        ComputationGraph graph = graph(config, DataType.DOUBLE);
        MultiDataSet data = RandomBatch.of(config, batch, time, DataType.DOUBLE, new Random(hidden));

        graph.setInputs(data.getFeatures());
        graph.setLabels(data.getLabels());
        graph.computeGradientAndScore();

        graph.gradient()
                .gradientForVariable()
                .forEach((name, gradient) -> assertSlopes(graph, data, name, gradient.dup(gradient.ordering())));
    }

    /** Float32 may run on other kernels than float64, and differences of a float32 loss are too coarse to check them. */
    @ParameterizedTest
    @CsvSource({"6, 3, 7, 1, 5", "10, 2, 3, 3, 4", "48, 3, 100, 3, 8", "72, 4, 65, 2, 7"})
    void floatGradientsFollowDoubleOnes(int hidden, int heads, int width, int batch, int time) {
        BertConfig config =
                config(hidden, heads, width).toBuilder().dropout(0.1).build();
        ComputationGraph doubles = graph(config, DataType.DOUBLE);
        ComputationGraph floats = graph(config, DataType.FLOAT);
        floats.params().assign(doubles.params());

        INDArray expected = gradient(doubles, RandomBatch.of(config, batch, time, DataType.DOUBLE, new Random(1)));
        INDArray actual = gradient(floats, RandomBatch.of(config, batch, time, DataType.FLOAT, new Random(1)));

        double difference =
                actual.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue();
        assertThat(difference / expected.amaxNumber().doubleValue()).isLessThan(1e-4);
    }

    @Test
    void paddingDoesNotChangeTheAnswer() {
        BertConfig config = config(6, 2, 8);
        ComputationGraph graph = graph(config, DataType.DOUBLE);
        INDArray tokens = Nd4j.createFromArray(new double[][] {{3, 4, 5, 0, 0}});
        INDArray types = Nd4j.zeros(DataType.DOUBLE, 1, 5);
        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 0, 0}});

        INDArray padded = graph.output(tokens, types, mask)[0];
        INDArray other = graph.output(Nd4j.createFromArray(new double[][] {{3, 4, 5, 6, 1}}), types, mask)[0];
        INDArray bare = graph.output(
                        Nd4j.createFromArray(new double[][] {{3, 4, 5}}),
                        Nd4j.zeros(DataType.DOUBLE, 1, 3),
                        Nd4j.ones(DataType.DOUBLE, 1, 3))[0];

        assertThat(padded.equalsWithEps(bare, 1e-12)).isTrue();
        assertThat(padded.equalsWithEps(other, 1e-12)).isTrue();
    }

    private static BertConfig config(int hidden, int heads, int width) {
        return BertConfig.builder()
                .hiddenSize(hidden)
                .attentionHeads(heads)
                .intermediateSize(width)
                .hiddenLayers(2)
                .vocabularySize(11)
                .maxPositions(8)
                .labels(3)
                .initializerRange(0.5)
                .dropout(0)
                .build();
    }

    private static INDArray gradient(ComputationGraph graph, MultiDataSet data) {
        graph.setInputs(data.getFeatures());
        graph.setLabels(data.getLabels());
        graph.computeGradientAndScore();
        return graph.getFlattenedGradients();
    }

    private static ComputationGraph graph(BertConfig config, DataType type) {
        ComputationGraph graph = new ComputationGraph(BertGraph.builder(config)
                .seed(7)
                .updater(new Sgd(1))
                .dataType(type)
                .build());
        graph.init();
        return graph;
    }

    private static void assertSlopes(ComputationGraph graph, MultiDataSet data, String name, INDArray gradient) {
        INDArray parameter = graph.paramTable().get(name);
        INDArray values = parameter.reshape(parameter.ordering(), new long[] {parameter.length()});
        INDArray slopes = gradient.reshape(parameter.ordering(), new long[] {parameter.length()});
        long stride = Math.max(1, parameter.length() / CHECKED_PER_PARAMETER);
        for (long i = 0; i < values.length(); i += stride) {
            double slope = slope(graph, data, values, i);
            assertThat(slopes.getDouble(i))
                    .as("%s[%d]", name, i)
                    .isCloseTo(slope, within(1e-6 * Math.max(1, Math.abs(slope))));
        }
    }

    private static double slope(ComputationGraph graph, MultiDataSet data, INDArray values, long index) {
        double value = values.getDouble(index);
        values.putScalar(index, value + STEP);
        double above = lossSum(graph, data);
        values.putScalar(index, value - STEP);
        double below = lossSum(graph, data);
        values.putScalar(index, value);
        return (above - below) / (2 * STEP);
    }

    private static double lossSum(ComputationGraph graph, MultiDataSet data) {
        return graph.score(data, true) * data.getFeatures(0).size(0);
    }
}
