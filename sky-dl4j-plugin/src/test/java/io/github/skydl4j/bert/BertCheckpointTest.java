package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.skydl4j.graph.GraphMerger;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.testing.MaskedSentences;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

class BertCheckpointTest {
    @TempDir
    private Path folder;

    @Test
    void loadsTheFixtureAsItIs() throws IOException {
        GoldenBert golden = new GoldenBert(DataType.FLOAT);
        try (BertCheckpoint checkpoint = BertCheckpoint.load(GoldenBert.folder())) {
            ComputationGraph graph = graph(checkpoint.config(), DataType.FLOAT);

            BertCheckpoint.Report report = checkpoint.into(graph);

            assertThat(report.missing()).isEmpty();
            assertThat(report.unexpected()).isEmpty();
            assertThat(report.loaded()).hasSize(41);
            assertThat(graph.params()).isEqualTo(golden.graph(new Sgd(1)).params());
        }
    }

    @Test
    void loadSaveLoadKeepsEveryBit() throws IOException {
        ComputationGraph first = load(GoldenBert.folder(), DataType.FLOAT);
        Path vocabulary = Files.writeString(folder.resolve("words.txt"), "[PAD]\n");

        BertCheckpoint.save(folder, new GoldenBert(DataType.FLOAT).config(), first, Optional.of(vocabulary));

        assertThat(load(folder, DataType.FLOAT).params()).isEqualTo(first.params());
        assertThat(folder.resolve("vocab.txt")).hasSameTextualContentAs(vocabulary);
        assertThat(BertConfig.read(folder.resolve("config.json")))
                .isEqualTo(BertConfig.read(GoldenBert.folder().resolve("config.json")));
    }

    @Test
    void savesHuggingFacesNamesAndShapes() throws IOException {
        save(DataType.FLOAT);

        try (SafetensorsFile saved = SafetensorsFile.open(folder.resolve("model.safetensors"));
                SafetensorsFile original =
                        SafetensorsFile.open(GoldenBert.folder().resolve("model.safetensors"))) {
            assertThat(saved.tensors()).isEqualTo(original.tensors());
        }
    }

    @Test
    void savesATokenClassifierWithoutPooler() throws IOException {
        BertConfig config = new GoldenBert(DataType.FLOAT).config();
        ComputationGraph graph = new ComputationGraph(
                BertGraph.builder(config).head(BertHead.TOKEN_CLASSIFICATION).build());
        graph.init();

        BertCheckpoint.save(folder, config, graph, Optional.empty());

        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            assertThat(checkpoint.into(graph).missing()).isEmpty();
            assertThat(checkpoint.into(graph(config, DataType.FLOAT)).missing())
                    .containsExactly("bert.pooler.dense.weight", "bert.pooler.dense.bias");
        }
        assertThat(folder.resolve("config.json")).content().contains("BertForTokenClassification");
    }

    @Test
    void savesAMaskedLanguageModelUnderHuggingFacesNamesAndLoadsItBack() throws IOException {
        ComputationGraph graph = masked(5);

        BertCheckpoint.save(folder, MaskedSentences.config(0), graph, Optional.empty());

        assertThat(tensors())
                .hasSize(26)
                .containsKeys(
                        "cls.predictions.transform.dense.weight",
                        "cls.predictions.transform.dense.bias",
                        "cls.predictions.transform.LayerNorm.weight",
                        "cls.predictions.transform.LayerNorm.bias",
                        "cls.predictions.bias");
        assertThat(tensors()).doesNotContainKeys("cls.predictions.decoder.weight", "bert.pooler.dense.weight");
        assertThat(folder.resolve("config.json")).content().contains("BertForMaskedLM");
        ComputationGraph other = masked(6);
        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            BertCheckpoint.Report report = checkpoint.into(other);
            assertThat(report.missing()).isEmpty();
            assertThat(report.unexpected()).isEmpty();
        }
        assertThat(other.params()).isEqualTo(graph.params());
    }

    @Test
    void theDecoderIsTheWordTableWhateverAFileHoldsUnderItsName() throws IOException {
        ComputationGraph graph = masked(5);
        BertCheckpoint.save(folder, MaskedSentences.config(0), graph, Optional.empty());
        Map<String, INDArray> tensors = tensors();
        tensors.put("cls.predictions.decoder.weight", Nd4j.zeros(DataType.FLOAT, 37, 10));
        tensors.put("cls.predictions.decoder.bias", tensors.get("cls.predictions.bias"));
        tensors.put("cls.seq_relationship.weight", Nd4j.zeros(DataType.FLOAT, 2, 10));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), tensors);

        ComputationGraph other = masked(6);
        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            assertThat(checkpoint.into(other).unexpected()).containsExactly("cls.seq_relationship.weight");
        }
        assertThat(other.params()).isEqualTo(graph.params());
    }

    @Test
    void refusesADecoderThatIsNotTheWordTable() throws IOException {
        BertCheckpoint.save(folder, MaskedSentences.config(0), masked(5), Optional.empty());
        Path config = folder.resolve("config.json");
        Files.writeString(config, Files.readString(config).replaceFirst("\\{", "{\"tie_word_embeddings\": false,"));

        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            assertThatThrownBy(() -> checkpoint.into(masked(5)))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContaining("tie_word_embeddings");
        }
    }

    @Test
    void aPretrainedBodyComesWithoutItsMaskedWordsToAClassifier() throws IOException {
        BertCheckpoint.save(folder, MaskedSentences.config(0), masked(5), Optional.empty());

        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            BertCheckpoint.Report report = checkpoint.into(graph(checkpoint.config(), DataType.FLOAT));
            assertThat(report.unexpected()).hasSize(5).allMatch(name -> name.startsWith("cls.predictions."));
            assertThat(report.missing()).hasSize(4).noneMatch(name -> name.startsWith("bert.embeddings"));
        }
    }

    @Test
    void eachStageOfAMaskedLanguageModelLoadsItsOwnTensorsAndEitherCopyOfTheWordTable() throws IOException {
        ComputationGraph saved = masked(5);
        BertCheckpoint.save(folder, MaskedSentences.config(0), saved, Optional.empty());
        ComputationGraph other = masked(6);

        List<StageGraph> stages = new GraphSplitter(other).split(List.of(2, 5));
        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            assertThat(checkpoint.into(stages.get(2)).loaded())
                    .containsExactly("cls.predictions.bias", "cls.predictions.decoder.weight");
            checkpoint.into(stages.get(0));
            checkpoint.into(stages.get(1));
        }
        GraphMerger.merge(stages, other);
        assertThat(other.params()).isEqualTo(saved.params());
    }

    private static ComputationGraph masked(long seed) {
        ComputationGraph graph = MaskedSentences.model(0, DataType.FLOAT, new Sgd(1));
        INDArray noise = Nd4j.rand(
                Nd4j.getRandomFactory().getNewRandomInstance(seed),
                graph.params().length());
        graph.params().addi(noise);
        graph.paramTable().get("decoder_W").assign(graph.paramTable().get("embeddings_word"));
        return graph;
    }

    @Test
    void savesDoublesWithoutLoss() throws IOException {
        ComputationGraph graph = graph(new GoldenBert(DataType.DOUBLE).config(), DataType.DOUBLE);

        BertCheckpoint.save(folder, new GoldenBert(DataType.DOUBLE).config(), graph, Optional.empty());

        assertThat(load(folder, DataType.DOUBLE).params()).isEqualTo(graph.params());
    }

    @Test
    void knowsNamesWithoutPrefixAndOldNamesOfLayerNorms() throws IOException {
        save(DataType.FLOAT);
        rename(name -> name.replaceFirst("^bert\\.", "")
                .replaceFirst("LayerNorm\\.weight$", "LayerNorm.gamma")
                .replaceFirst("LayerNorm\\.bias$", "LayerNorm.beta"));

        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            BertCheckpoint.Report report = checkpoint.into(graph(checkpoint.config(), DataType.FLOAT));

            assertThat(report.missing()).isEmpty();
            assertThat(report.unexpected()).isEmpty();
        }
    }

    @Test
    void listsWhatIsMissingAndWhatIsUnexpected() throws IOException {
        save(DataType.FLOAT);
        rename(name -> name.replace("classifier.", "cls.predictions."));

        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            ComputationGraph graph = graph(checkpoint.config(), DataType.FLOAT);
            INDArray before = graph.getVertex(BertGraph.CLASSIFIER).params().dup();
            BertCheckpoint.Report report = checkpoint.into(graph);

            assertThat(report.missing()).containsExactly("classifier.weight", "classifier.bias");
            assertThat(report.unexpected()).containsExactly("cls.predictions.weight", "cls.predictions.bias");
            assertThat(graph.getVertex(BertGraph.CLASSIFIER).params()).isEqualTo(before);
        }
    }

    @Test
    void refusesAnotherShapeNamingTheTensorAndBothShapes() throws IOException {
        save(DataType.FLOAT);
        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            BertConfig other =
                    checkpoint.config().toBuilder().vocabularySize(60).build();

            assertThatThrownBy(() -> checkpoint.into(graph(other, DataType.FLOAT)))
                    .isInstanceOf(CheckpointException.class)
                    .hasMessageContainingAll("bert.embeddings.word_embeddings.weight", "[50, 32]", "[60, 32]");
        }
    }

    @Test
    void readsShards() throws IOException {
        save(DataType.FLOAT);
        ComputationGraph whole = load(folder, DataType.FLOAT);
        shard();

        assertThat(load(folder, DataType.FLOAT).params()).isEqualTo(whole.params());
    }

    @Test
    void refusesAnIndexThatPointsOutOfTheFolder() throws IOException {
        save(DataType.FLOAT);
        Files.delete(folder.resolve("model.safetensors"));
        Files.writeString(
                folder.resolve("model.safetensors.index.json"), "{\"weight_map\": {\"x\": \"../secret.safetensors\"}}");

        assertThatThrownBy(() -> BertCheckpoint.load(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("../secret.safetensors");
    }

    @Test
    void refusesAFolderWithoutWeights() throws IOException {
        Files.copy(GoldenBert.folder().resolve("config.json"), folder.resolve("config.json"));

        assertThatThrownBy(() -> BertCheckpoint.load(folder))
                .isInstanceOf(CheckpointException.class)
                .hasMessageContaining("model.safetensors");
    }

    private void save(DataType type) throws IOException {
        ComputationGraph graph = load(GoldenBert.folder(), type);
        BertCheckpoint.save(folder, new GoldenBert(type).config(), graph, Optional.empty());
    }

    private void rename(UnaryOperator<String> renaming) throws IOException {
        Map<String, INDArray> renamed = new LinkedHashMap<>();
        tensors().forEach((name, tensor) -> renamed.put(renaming.apply(name), tensor));
        SafetensorsWriter.write(folder.resolve("model.safetensors"), renamed);
    }

    private void shard() throws IOException {
        ObjectNode weights = new ObjectMapper().createObjectNode();
        Map<String, INDArray> first = new LinkedHashMap<>();
        Map<String, INDArray> second = new LinkedHashMap<>();
        tensors().forEach((name, tensor) -> {
            boolean early = name.contains("embeddings");
            (early ? first : second).put(name, tensor);
            weights.put(name, early ? "model-1.safetensors" : "model-2.safetensors");
        });
        Files.delete(folder.resolve("model.safetensors"));
        SafetensorsWriter.write(folder.resolve("model-1.safetensors"), first);
        SafetensorsWriter.write(folder.resolve("model-2.safetensors"), second);
        Files.writeString(
                folder.resolve("model.safetensors.index.json"),
                new ObjectMapper().createObjectNode().set("weight_map", weights).toString());
    }

    private Map<String, INDArray> tensors() throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        try (SafetensorsFile file = SafetensorsFile.open(folder.resolve("model.safetensors"))) {
            for (SafetensorsHeader.Tensor tensor : file.tensors().values()) {
                long[] shape =
                        tensor.shape().stream().mapToLong(Long::longValue).toArray();
                INDArray array = Nd4j.create(DataType.FLOAT, shape);
                file.read(tensor.name(), array);
                tensors.put(tensor.name(), array);
            }
        }
        return tensors;
    }

    private static ComputationGraph load(Path folder, DataType type) throws IOException {
        try (BertCheckpoint checkpoint = BertCheckpoint.load(folder)) {
            ComputationGraph graph = graph(checkpoint.config(), type);
            checkpoint.into(graph);
            return graph;
        }
    }

    private static ComputationGraph graph(BertConfig config, DataType type) {
        ComputationGraph graph = new ComputationGraph(
                BertGraph.builder(config).seed(11).dataType(type).build());
        graph.init();
        return graph;
    }
}
