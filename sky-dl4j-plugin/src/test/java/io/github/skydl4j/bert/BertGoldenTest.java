package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The numbers of another framework (HuggingFace on PyTorch, float64). */
class BertGoldenTest {
    /** The rates behind the fixture's sgd3 and adam3, found from its numbers: no other round rate reproduces them. */
    private static final double SGD_RATE = 0.1;

    private static final double ADAM_RATE = 1e-3;
    private static final int STEPS = 3;

    @ParameterizedTest
    @CsvSource({"DOUBLE, 1e-9", "FLOAT, 1e-4"})
    void computesTheLogits(DataType type, double tolerance) throws IOException {
        GoldenBert golden = new GoldenBert(type);
        ComputationGraph graph = golden.graph(new Sgd(SGD_RATE));

        INDArray probabilities = graph.output(golden.features())[0];

        INDArray expected = Transforms.softmax(golden.logits());
        assertClose("probabilities", probabilities, expected, tolerance);
    }

    @ParameterizedTest
    @CsvSource({"DOUBLE, 1e-9", "FLOAT, 1e-4"})
    void computesLossAndEveryGradient(DataType type, double tolerance) throws IOException {
        GoldenBert golden = new GoldenBert(type);
        ComputationGraph graph = golden.graph(new Sgd(SGD_RATE));

        graph.setInputs(golden.batch().getFeatures());
        graph.setLabels(golden.batch().getLabels());
        graph.computeGradientAndScore();

        assertThat(graph.score()).isCloseTo(golden.loss(), within(golden.loss() * tolerance));
        int examples = (int) golden.batch().getFeatures(0).size(0);
        Map<String, INDArray> gradients = golden.views(graph.gradient().gradientForVariable());
        golden.expected("grad/")
                .forEach((name, gradient) ->
                        assertClose(name, gradients.get(name).div(examples), gradient, tolerance));
    }

    @ParameterizedTest
    @CsvSource({"DOUBLE, 1e-9", "FLOAT, 1e-4"})
    void followsThreeStepsOfSgd(DataType type, double tolerance) throws IOException {
        GoldenBert golden = new GoldenBert(type);
        ComputationGraph graph = golden.graph(new Sgd(SGD_RATE));

        for (int step = 0; step < STEPS; step++) {
            graph.fit(golden.batch());
        }

        Map<String, INDArray> parameters = golden.views(graph.paramTable());
        golden.expected("sgd3/")
                .forEach((name, expected) -> assertClose(name, parameters.get(name), expected, tolerance));
        assertThat(graph.score(golden.batch())).isCloseTo(golden.lossAfter("sgd3", STEPS), within(tolerance));
    }

    /**
     * DL4J's Adam adds its epsilon before the bias correction, PyTorch's after it. At DL4J's default gradients
     * below 1e-3 feel that; the first line translates PyTorch's 1e-8 to the second of the three steps.
     */
    @ParameterizedTest
    @CsvSource({"DOUBLE, 4.5e-10, 1e-4, 1e-6", "DOUBLE, 1e-8, 1e-3, 1e-6", "FLOAT, 1e-8, 1e-3, 1e-4"})
    void followsThreeStepsOfAdam(DataType type, double epsilon, double steadyGradient, double tolerance)
            throws IOException {
        GoldenBert golden = new GoldenBert(type);
        ComputationGraph graph = golden.graph(
                Adam.builder().learningRate(ADAM_RATE).epsilon(epsilon).build());
        Map<String, INDArray> smallest = golden.views(graph.paramTable());
        smallest.replaceAll((name, view) -> Nd4j.ones(DataType.DOUBLE, view.shape()));

        for (int step = 0; step < STEPS; step++) {
            graph.setInputs(golden.batch().getFeatures());
            graph.setLabels(golden.batch().getLabels());
            graph.computeGradientAndScore();
            keepSmallest(smallest, golden.views(graph.gradient().gradientForVariable()), 3);
            graph.fit(golden.batch());
        }

        Map<String, INDArray> parameters = golden.views(graph.paramTable());
        golden.expected("adam3/").forEach((name, expected) -> {
            INDArray difference =
                    Transforms.abs(parameters.get(name).castTo(DataType.DOUBLE).sub(expected));
            assertThat(difference.maxNumber().doubleValue()).as(name).isLessThan(3e-4);
            INDArray steady = smallest.get(name).gt(steadyGradient).castTo(DataType.DOUBLE);
            assertThat(difference.mul(steady).maxNumber().doubleValue())
                    .as(name + " where all gradients exceed " + steadyGradient)
                    .isLessThan(tolerance);
        });
    }

    private static void keepSmallest(Map<String, INDArray> smallest, Map<String, INDArray> gradients, int examples) {
        smallest.replaceAll((name, least) -> Transforms.min(
                least,
                Transforms.abs(gradients.get(name).castTo(DataType.DOUBLE)).div(examples)));
    }

    /** Relative to the tensor's largest element, or to 1e-3: the true gradient of a key's bias is 0, all else is noise. */
    private static void assertClose(String name, INDArray actual, INDArray expected, double tolerance) {
        double scale = Math.max(expected.amaxNumber().doubleValue(), 1e-3);
        double difference =
                actual.castTo(DataType.DOUBLE).sub(expected).amaxNumber().doubleValue();
        assertThat(difference / scale).as(name).isLessThan(tolerance);
    }
}
