package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;

class BertInputTest {
    private final BertConfig config = BertConfig.builder()
            .hiddenSize(8)
            .attentionHeads(2)
            .intermediateSize(12)
            .hiddenLayers(1)
            .vocabularySize(20)
            .maxPositions(6)
            .build();

    @Test
    void refusesATokenThatIsNotInTheVocabulary() {
        INDArray tokens = Nd4j.createFromArray(new float[][] {{1, 20}});

        assertThatThrownBy(() -> answer(graph(WorkspaceMode.NONE), tokens))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("vertex embeddings: token 20 is not in [0, 20)");
    }

    @Test
    void refusesSentencesLongerThanThePositions() {
        INDArray tokens = Nd4j.ones(DataType.FLOAT, 1, 7);

        assertThatThrownBy(() -> answer(graph(WorkspaceMode.NONE), tokens))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll("7 tokens", "6 positions");
    }

    @Test
    void refusesDl4jMaskArrays() {
        MultiDataSet data = RandomBatch.of(config, 2, 4, DataType.FLOAT, new Random(1));
        MultiDataSet masked = new MultiDataSet(
                data.getFeatures(), data.getLabels(), new INDArray[] {data.getFeatures(2), null, null}, null);

        assertThatThrownBy(() -> graph(WorkspaceMode.NONE).fit(masked))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("network input \"mask\"");
    }

    @Test
    void trainsTheSameWithDl4jWorkspaces() {
        MultiDataSet data = RandomBatch.of(config, 3, 5, DataType.FLOAT, new Random(1));
        ComputationGraph plain = graph(WorkspaceMode.NONE);
        ComputationGraph inWorkspaces = graph(WorkspaceMode.ENABLED);

        for (int step = 0; step < 3; step++) {
            plain.fit(data);
            inWorkspaces.fit(data);
        }

        assertThat(inWorkspaces.params()).isEqualTo(plain.params());
        assertThat(inWorkspaces.output(data.getFeatures())[0]).isEqualTo(plain.output(data.getFeatures())[0]);
    }

    private ComputationGraph graph(WorkspaceMode mode) {
        ComputationGraphConfiguration configuration =
                BertGraph.builder(config).seed(1).build();
        configuration.setTrainingWorkspaceMode(mode);
        configuration.setInferenceWorkspaceMode(mode);
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        return graph;
    }

    private static INDArray answer(ComputationGraph graph, INDArray tokens) {
        INDArray types = Nd4j.zeros(DataType.FLOAT, tokens.shape());
        return graph.output(tokens, types, Nd4j.ones(DataType.FLOAT, tokens.shape()))[0];
    }
}
