package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;

class BertHeadTest {
    private static final int BATCH = 3;
    private static final int TIME = 5;
    private static final int LABELS = 2;
    private static final double STEP = 1e-5;

    private final BertConfig config = BertConfig.builder()
            .hiddenSize(6)
            .attentionHeads(2)
            .intermediateSize(8)
            .hiddenLayers(1)
            .vocabularySize(20)
            .maxPositions(10)
            .labels(LABELS)
            .initializerRange(0.5)
            .dropout(0.2)
            .build();

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MASKED_WORDS")
    void gradientsAreTheSlopesOfTheLoss(BertHead head) {
        ComputationGraph graph = graph(head);
        MultiDataSet data = data(head);
        graph.setInputs(data.getFeatures());
        graph.setLabels(data.getLabels());
        graph.setLayerMaskArrays(null, data.getLabelsMaskArrays());
        graph.computeGradientAndScore();
        INDArray gradient = graph.getFlattenedGradients().dup();
        gradient = gradient.reshape(gradient.length());

        for (long index = 0; index < gradient.length(); index += 23) {
            double slope = slope(graph, data, index);
            assertThat(gradient.getDouble(index))
                    .as("parameter " + index)
                    .isCloseTo(slope, within(1e-6 * Math.max(1, Math.abs(slope))));
        }
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "MASKED_WORDS")
    void learnsAndSurvivesJson(BertHead head) {
        ComputationGraph graph = graph(head);
        MultiDataSet data = data(head);
        double before = graph.score(data, false);

        for (int step = 0; step < 60; step++) {
            graph.fit(data);
        }

        assertThat(graph.score(data, false)).isLessThan(before / 2);
        ComputationGraphConfiguration configuration = graph.getConfiguration();
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
                .isEqualTo(configuration);
    }

    @Test
    void tokenClassifierAnswersForEachToken() {
        INDArray answer = graph(BertHead.TOKEN_CLASSIFICATION)
                .output(data(BertHead.TOKEN_CLASSIFICATION).getFeatures())[0];

        assertThat(answer.shape()).containsExactly(BATCH, TIME, LABELS);
        assertThat(answer.sum(2).sub(1).amaxNumber().doubleValue()).isLessThan(1e-12);
    }

    private ComputationGraph graph(BertHead head) {
        ComputationGraph graph = new ComputationGraph(BertGraph.builder(config)
                .head(head)
                .seed(3)
                .updater(new Adam(1e-2))
                .dataType(DataType.DOUBLE)
                .build());
        graph.init();
        return graph;
    }

    private MultiDataSet data(BertHead head) {
        MultiDataSet data = RandomBatch.of(config, BATCH, TIME, DataType.DOUBLE, new Random(4));
        if (head == BertHead.REGRESSION) {
            data.setLabels(new INDArray[] {Nd4j.createFromArray(new double[][] {{1, -2}, {0.5, 3}, {-1, 0}})});
        } else if (head == BertHead.TOKEN_CLASSIFICATION) {
            INDArray labels = Nd4j.zeros(DataType.DOUBLE, BATCH, TIME, LABELS);
            for (int i = 0; i < BATCH * TIME; i++) {
                labels.putScalar(new int[] {i / TIME, i % TIME, i % LABELS}, 1);
            }
            data.setLabels(new INDArray[] {labels});
            data.setLabelsMaskArray(new INDArray[] {data.getFeatures(2).dup()});
        }
        return data;
    }

    private static double slope(ComputationGraph graph, MultiDataSet data, long index) {
        double value = graph.params().getDouble(index);
        graph.params().putScalar(index, value + STEP);
        double above = graph.score(data, true);
        graph.params().putScalar(index, value - STEP);
        double below = graph.score(data, true);
        graph.params().putScalar(index, value);
        return BATCH * (above - below) / (2 * STEP);
    }
}
