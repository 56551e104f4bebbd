package io.github.skydl4j.bert;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A folder with a BERT in HuggingFace's format: {@code config.json}, {@code model.safetensors} (whole, or in parts named
 * by {@code model.safetensors.index.json}) and perhaps {@code vocab.txt}.
 *
 * <p>Tensors are memory-mapped and read when a graph asks for them, so that a stage reads its own alone. Names come with
 * or without the prefix {@code bert.}, and with the old {@code gamma} and {@code beta} of layer norms. The decoder of a
 * masked language model is the word table: it is read from there and not written. Confined to one thread.
 */
public final class BertCheckpoint implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String CONFIG = "config.json";
    private static final String WHOLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final String VOCABULARY = "vocab.txt";

    private static final Set<String> HEAD_VERTICES = Arrays.stream(BertHead.values())
            .flatMap(head -> head.vertices().stream())
            .collect(Collectors.toUnmodifiableSet());

    private final Path folder;
    private final BertConfig config;
    private final List<SafetensorsFile> files = new ArrayList<>();
    private final Map<String, Source> sources = new LinkedHashMap<>();
    private final boolean tied;

    /** Where a tensor lies, under which name. */
    private record Source(SafetensorsFile file, String name) {}

    /**
     * What {@link #into} did, by HuggingFace's names.
     *
     * @param loaded tensors that were copied
     * @param missing tensors the graph has and the checkpoint has not: they stay as they were initialized
     * @param unexpected tensors of the checkpoint that belong to no part of this network
     */
    public record Report(List<String> loaded, List<String> missing, List<String> unexpected) {
        public Report {
            loaded = List.copyOf(loaded);
            missing = List.copyOf(missing);
            unexpected = List.copyOf(unexpected);
        }
    }

    private BertCheckpoint(Path folder) throws IOException {
        this.folder = folder;
        Path json = folder.resolve(CONFIG);
        if (!Files.isRegularFile(json)) {
            throw new CheckpointException(folder + " holds no " + CONFIG + ": name a folder as HuggingFace saves it");
        }
        this.config = config(json);
        this.tied = JSON.readTree(Files.readString(json))
                .path("tie_word_embeddings")
                .asBoolean(true);
    }

    /**
     * Opens a folder and checks its configuration and the headers of its files; no tensor is read yet.
     *
     * @throws CheckpointException if a file is malformed or missing, saying which
     */
    public static BertCheckpoint load(Path folder) throws IOException {
        BertCheckpoint checkpoint = new BertCheckpoint(folder);
        try {
            for (Path file : checkpoint.tensorFiles()) {
                checkpoint.add(SafetensorsFile.open(file));
            }
            return checkpoint;
        } catch (IOException | RuntimeException e) {
            checkpoint.close();
            throw e;
        }
    }

    public BertConfig config() {
        return config;
    }

    /** The vocabulary beside the weights, one token a line, if there is one. */
    public Optional<Path> vocabulary() {
        return Optional.of(folder.resolve(VOCABULARY)).filter(Files::isRegularFile);
    }

    /**
     * Copies into a graph of {@link BertGraph}, or into a stage of one, the tensors that it has.
     *
     * @throws CheckpointException if a tensor's shape differs from the graph's; tensors before it have been copied
     */
    public Report into(ComputationGraph graph) throws IOException {
        if (!tied && graph.getVertex(BertGraph.DECODER) != null) {
            throw new CheckpointException(folder + " has a decoder of masked words that is not its word table"
                    + " (tie_word_embeddings is false), which is not computed here");
        }
        Map<String, INDArray> parameters = graph.paramTable();
        List<String> loaded = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, HuggingFaceNames.Place> entry :
                HuggingFaceNames.places(config).entrySet()) {
            INDArray parameter = parameters.get(entry.getValue().key());
            Source source = source(entry.getKey());
            if (parameter != null && source != null) {
                source.file().read(source.name(), entry.getValue().view(parameter));
                loaded.add(entry.getKey());
            } else if (parameter != null) {
                missing.add(entry.getKey());
            }
        }
        return new Report(loaded, missing, unexpected(graph));
    }

    /** The decoder of masked words has the word table, whatever a file may hold under its own name. */
    private @Nullable Source source(String name) {
        return sources.get(name.equals(HuggingFaceNames.DECODER_WEIGHT) ? HuggingFaceNames.WORD_TABLE : name);
    }

    /** The tensors that have no place in a whole graph; for a stage, in no graph of this shape. */
    private List<String> unexpected(ComputationGraph graph) {
        Map<String, HuggingFaceNames.Place> places = HuggingFaceNames.places(config);
        boolean whole = graph.getVertex(BertGraph.EMBEDDINGS) != null && graph.getNumOutputArrays() > 0;
        List<String> unexpected = new ArrayList<>();
        for (SafetensorsFile file : files) {
            for (String name : file.tensors().keySet()) {
                HuggingFaceNames.Place place = places.get(HuggingFaceNames.canonical(name));
                if (place == null || (whole && graph.getVertex(place.vertex()) == null)) {
                    unexpected.add(name);
                }
            }
        }
        return unexpected;
    }

    private static BertConfig config(Path json) throws IOException {
        try {
            return BertConfig.read(json);
        } catch (JsonProcessingException e) {
            throw new CheckpointException(json + " is not JSON: " + e.getOriginalMessage(), e);
        } catch (IllegalArgumentException e) {
            throw new CheckpointException(json + ": " + e.getMessage(), e);
        }
    }

    /**
     * Writes a graph as a folder that HuggingFace reads, float32 graphs as F32 and float64 graphs as F64.
     *
     * @param vocabulary copied as {@code vocab.txt} if given
     */
    public static void save(Path folder, BertConfig config, ComputationGraph graph, Optional<Path> vocabulary)
            throws IOException {
        Files.createDirectories(folder);
        Map<String, INDArray> parameters = graph.paramTable();
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        BertHead head = BertHead.of(graph);
        HuggingFaceNames.places(config).forEach((name, place) -> {
            boolean ofHead = head.vertices().contains(place.vertex());
            if ((ofHead || !HEAD_VERTICES.contains(place.vertex())) && !name.equals(HuggingFaceNames.DECODER_WEIGHT)) {
                tensors.put(name, place.view(parameter(parameters, place)));
            }
        });
        SafetensorsWriter.write(folder.resolve(WHOLE), tensors);
        Files.writeString(folder.resolve(CONFIG), config.toJson(head.architecture()));
        if (vocabulary.isPresent()) {
            Path target = folder.resolve(VOCABULARY);
            Files.copy(vocabulary.get(), target, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    private static INDArray parameter(Map<String, INDArray> parameters, HuggingFaceNames.Place place) {
        INDArray parameter = parameters.get(place.key());
        if (parameter == null) {
            throw new IllegalArgumentException(
                    "the graph has no parameter " + place.key() + ": merge its stages before saving");
        }
        return parameter;
    }

    private List<Path> tensorFiles() throws IOException {
        Path whole = folder.resolve(WHOLE);
        Path index = folder.resolve(INDEX);
        if (Files.isRegularFile(whole)) {
            return List.of(whole);
        }
        if (!Files.isRegularFile(index)) {
            throw new CheckpointException(folder + " holds neither " + WHOLE + " nor " + INDEX);
        }
        JsonNode weights = JSON.readTree(Files.readString(index)).path("weight_map");
        return weights.properties().stream()
                .map(entry -> entry.getValue().asText())
                .distinct()
                .map(name -> part(index, name))
                .toList();
    }

    private Path part(Path index, String name) {
        Path part = folder.resolve(name);
        boolean inside = folder.equals(part.getParent());
        if (!inside || !Files.isRegularFile(part)) {
            throw new CheckpointException(index + " names \"" + name + "\", which is no file of that folder");
        }
        return part;
    }

    private void add(SafetensorsFile file) {
        files.add(file);
        Map<String, HuggingFaceNames.Place> places = HuggingFaceNames.places(config);
        for (String name : file.tensors().keySet()) {
            String known = HuggingFaceNames.canonical(name);
            boolean again = places.containsKey(known) && sources.put(known, new Source(file, name)) != null;
            if (again && !HuggingFaceNames.isDoubled(known)) {
                throw new CheckpointException(folder + " holds " + known + " twice, once as " + name);
            }
        }
    }

    @Override
    public void close() throws IOException {
        for (SafetensorsFile file : files) {
            file.close();
        }
    }
}
