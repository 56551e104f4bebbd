package io.github.skydl4j.profile;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Pattern;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.shade.jackson.core.JsonProcessingException;

/**
 * Tells which units do the same work: the same class, configuration (but for its name), layer state, input and output
 * shapes. Their costs are equal, so it is enough to measure some of them.
 */
final class UnitIdentity {
    private static final Pattern LAYER_NAME = Pattern.compile("\"layerName\"\\s*:\\s*\"[^\"]*\"");

    private final ComputationGraph network;
    private final UnitOutputs outputs;
    private final Map<String, String> known = new HashMap<>();

    UnitIdentity(ComputationGraph network, UnitOutputs outputs) {
        this.network = network;
        this.outputs = outputs;
    }

    /** A text that identical units share. */
    String of(String unit) {
        return known.computeIfAbsent(unit, this::describe);
    }

    private String describe(String unit) {
        StringBuilder text = new StringBuilder(configuration(unit));
        org.deeplearning4j.nn.graph.vertex.GraphVertex vertex = network.getVertex(unit);
        if (vertex.hasLayer()) {
            // A layer can be frozen at run time without a trace in the configuration.
            text.append(vertex.getLayer().getClass().getName());
        }
        List<String> inputs = network.getConfiguration().getVertexInputs().getOrDefault(unit, List.of());
        inputs.forEach(input -> text.append(outputs.shape(input)));
        return text.append(outputs.shape(unit)).toString();
    }

    /** The class of a unit, for {@link io.github.skydl4j.plan.UnitProfile#kind()}. */
    static String kind(ComputationGraph network, String unit) {
        GraphVertex vertex =
                Objects.requireNonNull(network.getConfiguration().getVertices().get(unit), unit);
        if (vertex instanceof LayerVertex layer && layer.getLayerConf() != null) {
            return layer.getLayerConf().getLayer().getClass().getSimpleName();
        }
        return vertex.getClass().getSimpleName();
    }

    private String configuration(String unit) {
        try {
            String json = NeuralNetConfiguration.mapper()
                    .writeValueAsString(network.getConfiguration().getVertices().get(unit));
            return LAYER_NAME.matcher(json).replaceAll("");
        } catch (JsonProcessingException e) {
            // A vertex that cannot be described is like no other.
            return unit;
        }
    }
}
