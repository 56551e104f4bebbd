package io.github.skydl4j.graph;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.OptimizationAlgorithm;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.BackpropType;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.layers.FrozenLayerWithBackprop;
import org.jspecify.annotations.Nullable;

/** Decides whether a graph can be trained in stages, and answers what a vertex is. */
final class GraphSupport {
    private GraphSupport() {}

    static void check(ComputationGraph network) {
        if (network.getVertices() == null) {
            throw new UnsupportedGraphException("the network has no parameters yet: call init() on it first");
        }
        ComputationGraphConfiguration configuration = network.getConfiguration();
        if (configuration.getBackpropType() == BackpropType.TruncatedBPTT) {
            throw new UnsupportedGraphException(
                    "truncated back-propagation through time cannot be pipelined, since each"
                            + " segment needs the updated parameters of the one before: use BackpropType.Standard");
        }
        OptimizationAlgorithm algorithm = network.conf().getOptimizationAlgo();
        if (algorithm != OptimizationAlgorithm.STOCHASTIC_GRADIENT_DESCENT) {
            throw new UnsupportedGraphException(
                    "optimization algorithm " + algorithm
                            + " evaluates the whole network many times a step: use STOCHASTIC_GRADIENT_DESCENT with an updater");
        }
        checkOutputsAreNotConsumed(network);
    }

    /** Refuses what {@code fit} needs beyond what cutting needs. */
    static void checkTrainable(ComputationGraph network) {
        for (String output : network.getConfiguration().getNetworkOutputs()) {
            if (outputLayer(network.getVertex(output)) == null) {
                throw new UnsupportedGraphException(
                        output, "is a network output but has no loss: end every output in an output or loss layer");
            }
        }
    }

    /** The loss layer behind a vertex, or null when the vertex has no loss. */
    static @Nullable IOutputLayer outputLayer(GraphVertex vertex) {
        if (!vertex.hasLayer()) {
            return null;
        }
        Layer layer = vertex.getLayer();
        if (layer instanceof FrozenLayerWithBackprop frozen) {
            layer = frozen.getInsideLayer();
        }
        return layer instanceof IOutputLayer output ? output : null;
    }

    /** Whether the whole graph's back-propagation stops at this vertex. */
    static boolean isFrozen(GraphVertex vertex) {
        return (vertex.hasLayer() && vertex.getLayer() instanceof FrozenLayer)
                || vertex instanceof org.deeplearning4j.nn.graph.vertex.impl.FrozenVertex;
    }

    private static void checkOutputsAreNotConsumed(ComputationGraph network) {
        Map<String, List<String>> inputs = network.getConfiguration().getVertexInputs();
        Set<String> consumed = new HashSet<>();
        inputs.values().forEach(consumed::addAll);
        for (String output : network.getConfiguration().getNetworkOutputs()) {
            if (consumed.contains(output) && outputLayer(network.getVertex(output)) != null) {
                throw new UnsupportedGraphException(
                        output,
                        "is an output layer whose activations feed other vertices; DL4J does not train such a graph: end"
                                + " the branch in a layer of its own");
            }
        }
    }
}
