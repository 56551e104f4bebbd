package io.github.skydl4j.bert;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/** The fixture bert-l2-h32: a small BERT with random weights and what PyTorch makes of one batch, in float64. */
final class GoldenBert {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path folder;
    private final BertConfig config;
    private final JsonNode expected;
    private final DataType dataType;

    GoldenBert(DataType dataType) throws IOException {
        this.folder = folder();
        this.config = BertConfig.read(folder.resolve("config.json"));
        this.expected = JSON.readTree(folder.resolve("expected.json").toFile());
        this.dataType = dataType;
    }

    static Path folder() {
        URL resource = Objects.requireNonNull(GoldenBert.class.getResource("/golden/bert-l2-h32"));
        try {
            return Path.of(resource.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    BertConfig config() {
        return config;
    }

    double loss() {
        return expected.path("loss").asDouble();
    }

    double lossAfter(String run, int steps) {
        return expected.path("losses").path(run).path(steps).asDouble();
    }

    /** A graph with the fixture's weights. */
    ComputationGraph graph(IUpdater updater) throws IOException {
        ComputationGraph graph = new ComputationGraph(
                BertGraph.builder(config).updater(updater).dataType(dataType).build());
        graph.init();
        views(graph.paramTable())
                .forEach((name, view) ->
                        view.assign(tensors("model.safetensors", "").get(name)));
        return graph;
    }

    MultiDataSet batch() {
        JsonNode labels = expected.path("labels");
        INDArray oneHot = Nd4j.zeros(dataType, labels.size(), config.labels());
        for (int example = 0; example < labels.size(); example++) {
            oneHot.putScalar(example, labels.path(example).asInt(), 1);
        }
        return new MultiDataSet(features(), new INDArray[] {oneHot});
    }

    INDArray[] features() {
        return new INDArray[] {matrix("input_ids"), matrix("token_type_ids"), matrix("attention_mask")};
    }

    INDArray logits() {
        return tensors("expected.safetensors", "logits").get("");
    }

    /** Expected tensors of one kind, "grad/", "sgd3/" or "adam3/", by HuggingFace's names. */
    Map<String, INDArray> expected(String prefix) {
        return tensors("expected.safetensors", prefix);
    }

    /** Views of DL4J's parameters or gradients by HuggingFace's names. */
    Map<String, INDArray> views(Map<String, INDArray> table) {
        Map<String, INDArray> views = new LinkedHashMap<>();
        HuggingFaceNames.places(config).forEach((name, place) -> {
            INDArray array = table.get(place.key());
            if (array != null) {
                views.put(name, place.view(array));
            }
        });
        return views;
    }

    private Map<String, INDArray> tensors(String file, String prefix) {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        try (SafetensorsFile safetensors = SafetensorsFile.open(folder.resolve(file))) {
            for (String name : safetensors.tensors().keySet()) {
                if (name.startsWith(prefix)) {
                    long[] shape = safetensors.tensors().get(name).shape().stream()
                            .mapToLong(Long::longValue)
                            .toArray();
                    INDArray tensor = Nd4j.create(DataType.DOUBLE, shape);
                    safetensors.read(name, tensor);
                    tensors.put(name.substring(prefix.length()), tensor);
                }
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
        return tensors;
    }

    private INDArray matrix(String field) {
        JsonNode rows = expected.path(field);
        INDArray matrix = Nd4j.zeros(dataType, rows.size(), rows.path(0).size());
        for (int row = 0; row < rows.size(); row++) {
            for (int column = 0; column < rows.path(row).size(); column++) {
                matrix.putScalar(row, column, rows.path(row).path(column).asInt());
            }
        }
        return matrix;
    }
}
