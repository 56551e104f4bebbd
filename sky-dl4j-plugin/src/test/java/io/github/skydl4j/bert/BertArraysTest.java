package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;

class BertArraysTest {
    private final BertConfig config = BertConfig.builder()
            .hiddenSize(8)
            .attentionHeads(2)
            .intermediateSize(12)
            .hiddenLayers(2)
            .vocabularySize(20)
            .maxPositions(10)
            .build();
    private final MultiDataSet data = RandomBatch.of(config, 4, 6, DataType.FLOAT, new Random(5));

    @Test
    void managedGraphTrainsToTheSameNumbers() {
        ComputationGraph plain = graph();
        ComputationGraph managed = graph();
        BertArrays.manage(managed, Set.of());

        for (int step = 0; step < 3; step++) {
            plain.fit(data);
            managed.fit(data);
        }

        assertThat(managed.params()).isEqualTo(plain.params());
    }

    @Test
    void usesActivationsAgainExceptThoseThatLeave() {
        ComputationGraph graph = graph();
        BertArrays.manage(graph, Set.of(BertGraph.output(0)));
        Map<String, INDArray> first = activations(graph);
        Map<String, INDArray> second = activations(graph);

        assertThat(second.get(BertGraph.attention(0))).isSameAs(first.get(BertGraph.attention(0)));
        assertThat(second.get(BertGraph.intermediate(1))).isSameAs(first.get(BertGraph.intermediate(1)));
        assertThat(second.get(BertGraph.output(0))).isNotSameAs(first.get(BertGraph.output(0)));
    }

    @Test
    void followsTheShapeOfTheData() {
        ComputationGraph plain = graph();
        ComputationGraph managed = graph();
        BertArrays.manage(managed, Set.of());
        MultiDataSet shorter = RandomBatch.of(config, 3, 5, DataType.FLOAT, new Random(6));

        for (MultiDataSet batch : List.of(data, shorter, data)) {
            plain.fit(batch);
            managed.fit(batch);
        }

        assertThat(managed.params()).isEqualTo(plain.params());
    }

    @Test
    void managedGraphStillAnswers() {
        ComputationGraph managed = graph();
        BertArrays.manage(managed, Set.of());

        INDArray first = managed.output(data.getFeatures())[0];
        managed.output(data.getFeatures());

        assertThat(first).isEqualTo(graph().output(data.getFeatures())[0]);
    }

    private Map<String, INDArray> activations(ComputationGraph graph) {
        Map<String, INDArray> activations = new HashMap<>();
        graph.setListeners(new BaseTrainingListener() {
            @Override
            public void onForwardPass(Model model, Map<String, INDArray> seen) {
                activations.putAll(seen);
            }
        });
        graph.setInputs(data.getFeatures());
        graph.setLabels(data.getLabels());
        graph.computeGradientAndScore();
        return activations;
    }

    private ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(
                BertGraph.builder(config).updater(new Adam(1e-3)).seed(2).build());
        graph.init();
        return graph;
    }
}
