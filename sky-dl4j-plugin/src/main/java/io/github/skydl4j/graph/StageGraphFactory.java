package io.github.skydl4j.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Builds stage graphs out of a whole network. */
final class StageGraphFactory {
    private StageGraphFactory() {}

    static StageGraph build(ComputationGraph network, StageSpec spec, Storage storage) {
        long offset = 0;
        for (String unit : unitsBefore(network, spec)) {
            offset += network.getVertex(unit).numParams();
        }
        long length = 0;
        for (String unit : spec.units()) {
            length += network.getVertex(unit).numParams();
        }
        StageGraph stage = new StageGraph(configuration(network, spec), spec);
        stage.initWith(slice(network.params(), offset, length, storage));
        freezeAsIn(network, stage);
        if (network.getFlattenedGradients() == null) {
            network.initGradientsView();
        }
        stage.useGradients(slice(network.getFlattenedGradients(), offset, length, storage));
        stage.followWords();
        UpdaterState.copy(network, stage);
        return stage;
    }

    private static List<String> unitsBefore(ComputationGraph network, StageSpec spec) {
        List<String> before = new ArrayList<>();
        for (int index : network.topologicalSortOrder()) {
            org.deeplearning4j.nn.graph.vertex.GraphVertex vertex = network.getVertices()[index];
            if (spec.units().contains(vertex.getVertexName())) {
                break;
            }
            before.add(vertex.getVertexName());
        }
        return before;
    }

    private static INDArray slice(INDArray flat, long offset, long length, Storage storage) {
        if (length == 0) {
            return Nd4j.empty(flat.dataType());
        }
        INDArray view = flat.reshape(flat.length()).get(NDArrayIndex.interval(offset, offset + length));
        return (storage == Storage.SHARED ? view : view.dup()).reshape(1, length);
    }

    /**
     * The stage's configuration: the whole one with the vertices outside taken out. The order of vertices is fixed to the
     * whole graph's, which makes the stage's parameters a slice of the whole network's; workspaces are off because
     * activations outlive the call that made them.
     */
    private static ComputationGraphConfiguration configuration(ComputationGraph network, StageSpec spec) {
        ComputationGraphConfiguration configuration = network.getConfiguration().clone();
        Map<String, GraphVertex> vertices = new LinkedHashMap<>();
        Map<String, List<String>> inputs = new LinkedHashMap<>();
        for (String unit : spec.units()) {
            vertices.put(unit, configuration.getVertices().get(unit));
            inputs.put(unit, new ArrayList<>(configuration.getVertexInputs().get(unit)));
        }
        configuration.setVertices(vertices);
        configuration.setVertexInputs(inputs);
        configuration.setNetworkInputs(graphInputs(spec, inputs));
        configuration.setNetworkOutputs(new ArrayList<>(spec.outputs()));
        fixOrder(configuration, spec);
        configuration.setTrainingWorkspaceMode(WorkspaceMode.NONE);
        configuration.setInferenceWorkspaceMode(WorkspaceMode.NONE);
        configuration.setIterationCount(network.getIterationCount());
        configuration.setEpochCount(network.getEpochCount());
        return configuration;
    }

    /** The whole graph's order of vertices: inputs first, then units. */
    static void fixOrder(ComputationGraphConfiguration configuration, StageSpec spec) {
        List<String> order = new ArrayList<>(configuration.getNetworkInputs());
        order.addAll(spec.units());
        configuration.setTopologicalOrder(IntStream.range(0, order.size()).toArray());
        configuration.setTopologicalOrderStr(order);
    }

    private static List<String> graphInputs(StageSpec spec, Map<String, List<String>> vertexInputs) {
        List<String> graphInputs = new ArrayList<>(spec.feeds());
        for (String tensor : spec.received()) {
            if (vertexInputs.values().stream().anyMatch(used -> used.contains(tensor))) {
                graphInputs.add(tensor);
            }
        }
        return graphInputs;
    }

    static StageBlueprint blueprint(ComputationGraph network, StageSpec spec) {
        long parameters = 0;
        for (String unit : spec.units()) {
            parameters += network.getVertex(unit).numParams();
        }
        List<String> frozen = spec.units().stream()
                .filter(unit -> isFrozenLayer(network.getVertex(unit)))
                .toList();
        return new StageBlueprint(spec, configuration(network, spec).toJson(), parameters, frozen);
    }

    /** Freezes a unit unless its configuration has done so. */
    static void freeze(StageGraph stage, String unit) {
        if (!GraphSupport.isFrozen(stage.getVertex(unit))) {
            stage.getVertex(unit).setLayerAsFrozen();
        }
    }

    private static boolean isFrozenLayer(org.deeplearning4j.nn.graph.vertex.GraphVertex vertex) {
        return vertex.hasLayer() && GraphSupport.isFrozen(vertex);
    }

    /** A layer can be frozen at run time without a trace in the configuration. */
    private static void freezeAsIn(ComputationGraph network, StageGraph stage) {
        for (String unit : stage.spec().units()) {
            if (isFrozenLayer(network.getVertex(unit))) {
                freeze(stage, unit);
            }
        }
    }
}
