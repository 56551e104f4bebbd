package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.testing.MaskedSentences;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

/** The head of a masked language model, in a plain graph. */
class MaskedWordsTest {
    private static final double STEP = 1e-5;
    private static final String WORDS = "embeddings_word";
    private static final String DECODER = "decoder_W";

    @Test
    void bothCopiesOfTheWordTableStartEqualWithAnEmptyRowForPadding() {
        Map<String, INDArray> parameters = model(DataType.DOUBLE).paramTable();

        assertThat(parameters.get(DECODER)).isEqualTo(parameters.get(WORDS));
        assertThat(parameters.get(WORDS).stdNumber().doubleValue()).isCloseTo(0.3, within(0.03));
        assertThat(parameters.get(WORDS).getRow(0).amaxNumber().doubleValue()).isZero();
    }

    /** History: a generator of ND4J that is made with seed 0, the default here, draws other numbers each time. */
    @ParameterizedTest
    @ValueSource(longs = {0, 1, -1, Long.MIN_VALUE})
    void bothCopiesStartEqualAndTheSameAgainForAnySeed(long seed) {
        BertGraph.Builder builder = BertGraph.builder(MaskedSentences.config(0))
                .head(BertHead.MASKED_WORDS)
                .seed(seed);
        ComputationGraph one = new ComputationGraph(builder.build());
        ComputationGraph other = new ComputationGraph(builder.build());
        one.init();
        other.init();

        assertThat(one.paramTable().get(DECODER)).isEqualTo(one.paramTable().get(WORDS));
        assertThat(other.paramTable().get(DECODER)).isEqualTo(one.paramTable().get(WORDS));
    }

    @Test
    void gradientsAreTheSlopesOfTheLossThoseOfTheCopiesTheSumOfBoth() {
        ComputationGraph graph = model(DataType.DOUBLE);
        MultiDataSet data = MaskedSentences.batch(DataType.DOUBLE, 1);
        computeGradient(graph, data);
        Map<String, INDArray> gradients = graph.gradient().gradientForVariable();

        assertThat(gradients.get(DECODER)).isEqualTo(gradients.get(WORDS));
        gradients.forEach((name, gradient) -> {
            INDArray values = graph.paramTable().get(name);
            for (long i = 0; i < values.length(); i += Math.max(1, values.length() / 12)) {
                double slope = slope(graph, data, values, i);
                if (name.equals(WORDS)) {
                    slope += slope(graph, data, graph.paramTable().get(DECODER), i);
                } else if (name.equals(DECODER)) {
                    slope += slope(graph, data, graph.paramTable().get(WORDS), i);
                }
                assertThat(at(gradient, i))
                        .as("%s[%d]", name, i)
                        .isCloseTo(slope, within(1e-6 * Math.max(1, Math.abs(slope))));
            }
        });
    }

    @Test
    void theScoreIsTheMeanOverTheAskedWordsWhenTheyWeighSo() {
        ComputationGraph graph = model(DataType.DOUBLE);
        MultiDataSet data = MaskedSentences.batch(DataType.DOUBLE, 2);
        INDArray probabilities = graph.output(data.getFeatures())[0];
        double sum = 0;
        int asked = 0;
        for (int row = 0; row < MaskedSentences.ROWS; row++) {
            for (int position = 0; position < MaskedSentences.TIME; position++) {
                if (data.getLabelsMaskArray(0).getDouble(row, position) > 0) {
                    int word = data.getLabels(0).getInt(row, position);
                    sum -= Math.log(probabilities.getDouble(row, position, word));
                    asked++;
                }
            }
        }

        assertThat(graph.score(data, true)).isCloseTo(sum / asked, within(1e-12));
        INDArray each = graph.scoreExamples(data, false);
        assertThat(each.meanNumber().doubleValue()).isCloseTo(sum / asked, within(1e-12));
    }

    @Test
    void probabilitiesOfEveryTokenAddUpToOne() {
        ComputationGraph graph = model(DataType.DOUBLE);

        INDArray answer = graph.output(MaskedSentences.batch(DataType.DOUBLE, 3).getFeatures())[0];

        assertThat(answer.shape()).containsExactly(MaskedSentences.ROWS, MaskedSentences.TIME, 37);
        assertThat(answer.sum(2).sub(1).amaxNumber().doubleValue()).isLessThan(1e-12);
    }

    @Test
    void wordsThatAreNotAskedForDoNotCount() {
        ComputationGraph graph = model(DataType.DOUBLE);
        MultiDataSet data = MaskedSentences.batch(DataType.DOUBLE, 4);
        double score = graph.score(data, true);
        INDArray asked = data.getLabelsMaskArray(0).gt(0).castTo(DataType.DOUBLE);

        data.getLabels(0).muli(asked);

        assertThat(graph.score(data, true)).isEqualTo(score);
    }

    @Test
    void aBatchThatAsksForNothingHasNoGradient() {
        ComputationGraph graph = model(DataType.DOUBLE);
        MultiDataSet data = MaskedSentences.batch(DataType.DOUBLE, 5);
        data.getLabelsMaskArray(0).assign(0);

        computeGradient(graph, data);

        assertThat(graph.score()).isZero();
        assertThat(graph.getFlattenedGradients().amaxNumber().doubleValue()).isZero();
    }

    @Test
    void floatGradientsFollowDoubleOnes() {
        ComputationGraph doubles = model(DataType.DOUBLE);
        ComputationGraph floats = model(DataType.FLOAT);
        floats.params().assign(doubles.params());

        computeGradient(doubles, MaskedSentences.batch(DataType.DOUBLE, 6));
        computeGradient(floats, MaskedSentences.batch(DataType.FLOAT, 6));

        INDArray expected = doubles.getFlattenedGradients();
        double difference = floats.getFlattenedGradients()
                .castTo(DataType.DOUBLE)
                .sub(expected)
                .amaxNumber()
                .doubleValue();
        assertThat(difference / expected.amaxNumber().doubleValue()).isLessThan(1e-4);
        assertThat(floats.score()).isCloseTo(doubles.score(), within(1e-5));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"FLOAT", "DOUBLE"})
    void fitKeepsBothCopiesEqualAndLearns(DataType type) {
        ComputationGraph graph = MaskedSentences.model(0.1, type, new Adam(1e-2));
        MultiDataSet data = MaskedSentences.batch(type, 7);
        double before = graph.score(data, false);
        for (int step = 0; step < 80; step++) {
            graph.fit(data);
            assertThat(graph.paramTable().get(DECODER))
                    .as("step %d", step)
                    .isEqualTo(graph.paramTable().get(WORDS));
        }
        assertThat(graph.score(data, false)).isLessThan(before / 2);
    }

    @Test
    void survivesJson() {
        ComputationGraphConfiguration configuration = model(DataType.FLOAT).getConfiguration();

        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
                .isEqualTo(configuration);
    }

    @Test
    void refusesWordsOutsideTheVocabularyAndLabelsOfAnotherShape() {
        ComputationGraph graph = model(DataType.DOUBLE);
        MultiDataSet data = MaskedSentences.batch(DataType.DOUBLE, 8);
        data.getLabelsMaskArray(0).assign(1);
        data.getLabels(0).putScalar(0, 0, 37);
        assertThatThrownBy(() -> graph.fit(data))
                .hasMessageContaining("label 37 is not a word: the vocabulary is [0, 37)");

        data.setLabels(new INDArray[] {Nd4j.zeros(DataType.DOUBLE, MaskedSentences.ROWS, 2)});
        assertThatThrownBy(() -> graph.fit(data)).hasMessageContainingAll("labels", "[8, 6]", "[8, 2]");
    }

    @ParameterizedTest
    @EnumSource(
            value = GradientNormalization.class,
            names = {"ClipL2PerLayer", "RenormalizeL2PerLayer"})
    void refusesToClipByLayerWhichWouldPullTheCopiesApart(GradientNormalization kind) {
        BertGraph.Builder builder = BertGraph.builder(MaskedSentences.config(0))
                .head(BertHead.MASKED_WORDS)
                .clip(kind, 1);

        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(kind.name(), "ClipL2PerParamType");
    }

    private static ComputationGraph model(DataType type) {
        return MaskedSentences.model(0, type, new Sgd(1));
    }

    private static void computeGradient(ComputationGraph graph, MultiDataSet data) {
        graph.setInputs(data.getFeatures());
        graph.setLabels(data.getLabels());
        graph.setLayerMaskArrays(null, data.getLabelsMaskArrays());
        graph.computeGradientAndScore();
    }

    private static double slope(ComputationGraph graph, MultiDataSet data, INDArray parameter, long index) {
        INDArray values = parameter.reshape(parameter.ordering(), new long[] {parameter.length()});
        double value = values.getDouble(index);
        values.putScalar(index, value + STEP);
        double above = graph.score(data, true);
        values.putScalar(index, value - STEP);
        double below = graph.score(data, true);
        values.putScalar(index, value);
        return MaskedSentences.ROWS * (above - below) / (2 * STEP);
    }

    private static double at(INDArray gradient, long index) {
        return gradient.reshape(gradient.ordering(), new long[] {gradient.length()})
                .getDouble(index);
    }
}
