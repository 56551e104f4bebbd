package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;

class BertPersistenceTest {
    private final BertConfig config = BertConfig.builder()
            .hiddenSize(8)
            .attentionHeads(2)
            .intermediateSize(12)
            .hiddenLayers(2)
            .vocabularySize(20)
            .maxPositions(10)
            .labels(3)
            .dropout(0)
            .build();
    private final ComputationGraphConfiguration configuration = BertGraph.builder(config)
            .updater(new Adam(1e-2))
            .seed(3)
            .weightDecay(0.01)
            .l2(0.02)
            .clip(GradientNormalization.ClipL2PerLayer, 0.5)
            .build();

    @Test
    void configurationSurvivesJson() {
        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
                .isEqualTo(configuration);
    }

    @Test
    void configurationSurvivesYaml() {
        assertThat(ComputationGraphConfiguration.fromYaml(configuration.toYaml()))
                .isEqualTo(configuration);
    }

    @Test
    void clonedConfigurationIsEqualButSharesNoUpdater() {
        ComputationGraphConfiguration clone = configuration.clone();

        assertThat(clone).isEqualTo(configuration);
        BertUnit original = (BertUnit) configuration.getVertices().get(BertGraph.POOLER);
        BertUnit copy = (BertUnit) clone.getVertices().get(BertGraph.POOLER);
        assertThat(copy.training().updater()).isNotSameAs(original.training().updater());
    }

    @Test
    void sameSeedGivesSameWeights() {
        ComputationGraph first = new ComputationGraph(configuration.clone());
        first.init();
        ComputationGraph second = new ComputationGraph(configuration.clone());
        second.init();

        assertThat(first.params()).isEqualTo(second.params());
        assertThat(first.paramTable().get("block0.intermediate_W").stdNumber().doubleValue())
                .isBetween(0.015, 0.025);
        assertThat(first.paramTable().get("block0.intermediate_b").amaxNumber().doubleValue())
                .isZero();
        assertThat(first.paramTable().get("block1.output_normGain").meanNumber().doubleValue())
                .isEqualTo(1);
    }

    @Test
    void trainingContinuesAfterSaveAndLoadAsIfNothingHappened(@TempDir Path folder) throws IOException {
        ComputationGraph graph = new ComputationGraph(configuration.clone());
        graph.init();
        MultiDataSet data = RandomBatch.of(config, 4, 6, DataType.FLOAT, new Random(5));
        graph.fit(data);
        File file = folder.resolve("bert.zip").toFile();
        ModelSerializer.writeModel(graph, file, true);
        ComputationGraph loaded = ModelSerializer.restoreComputationGraph(file, true);

        graph.fit(data);
        loaded.fit(data);

        assertThat(loaded.params()).isEqualTo(graph.params());
        assertThat(loaded.getUpdater().getStateViewArray())
                .isEqualTo(graph.getUpdater().getStateViewArray());
    }

    @Test
    void clippingReachesEveryVertex() {
        ComputationGraph graph = new ComputationGraph(BertGraph.builder(config)
                .updater(new Sgd(1))
                .clip(GradientNormalization.ClipL2PerLayer, 1e-3)
                .build());
        graph.init();
        INDArray before = graph.getVertex(BertGraph.attention(0)).params().dup();

        graph.fit(RandomBatch.of(config, 4, 6, DataType.FLOAT, new Random(5)));

        double moved = graph.getVertex(BertGraph.attention(0))
                .params()
                .sub(before)
                .norm2Number()
                .doubleValue();
        assertThat(moved).isBetween(1e-4, 1.001e-3);
    }
}
