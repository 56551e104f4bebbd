package io.github.skydl4j.graph;

import io.github.skydl4j.bert.TiedTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.graph.rnn.ReverseTimeSeriesVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a {@link ComputationGraph} into stages. A unit is a vertex; units keep the graph's topological order, and a cut
 * may stand between any two neighbours in it.
 *
 * <p>Because a stage is a run of that order, its parameters are one contiguous slice of the network's parameter array.
 *
 * <p>Immutable; the network must not be changed by others while stages with {@link Storage#SHARED} are in use.
 */
public final class GraphSplitter {
    private final ComputationGraph network;
    private final ComputationGraphConfiguration configuration;
    private final List<String> units;
    private final Map<String, Integer> lastUse = new HashMap<>();

    /**
     * Looks the graph over.
     *
     * @throws UnsupportedGraphException if it cannot be trained in stages, with the vertex and the reason
     */
    public GraphSplitter(ComputationGraph network) {
        GraphSupport.check(network);
        this.network = network;
        this.configuration = network.getConfiguration();
        this.units = orderedUnits(network);
        for (int i = 0; i < units.size(); i++) {
            for (String input : inputsOf(units.get(i))) {
                lastUse.put(input, i);
            }
        }
    }

    /**
     * Checks what {@code fit} needs beyond cutting.
     *
     * @throws UnsupportedGraphException if a network output has no loss
     */
    public void requireTrainable() {
        GraphSupport.checkTrainable(network);
    }

    /** The units of the graph: its vertices without the network inputs, in topological order. */
    public List<String> units() {
        return units;
    }

    /** Names of the units whose output crosses a cut before unit {@code cut}, in topological order. */
    public List<String> boundary(int cut) {
        List<String> crossing = new ArrayList<>();
        for (int i = 0; i < cut; i++) {
            if (lastUse.getOrDefault(units.get(i), -1) >= cut) {
                crossing.add(units.get(i));
            }
        }
        return crossing;
    }

    /**
     * The units that hold the two copies of one parameter, whose stages exchange its gradients; empty for most graphs. See
     * {@link TiedTables}.
     */
    public List<String> tiedUnits() {
        return TiedTables.vertices(network);
    }

    /** Describes the stage of the units {@code [firstUnit, endUnit)}. */
    public StageSpec spec(int firstUnit, int endUnit) {
        checkRange(firstUnit, endUnit);
        List<String> mine = units.subList(firstUnit, endUnit);
        List<String> outputs = configuration.getNetworkOutputs().stream()
                .filter(mine::contains)
                .toList();
        return new StageSpec(firstUnit, endUnit, mine, feeds(mine), boundary(firstUnit), boundary(endUnit), outputs);
    }

    /** Builds the stage of the units {@code [firstUnit, endUnit)} with the network's parameters and updater state. */
    public StageGraph stage(int firstUnit, int endUnit, Storage storage) {
        return StageGraphFactory.build(network, spec(firstUnit, endUnit), storage);
    }

    /** Describes the stage of the units {@code [firstUnit, endUnit)} for another JVM. */
    public StageBlueprint blueprint(int firstUnit, int endUnit) {
        return StageGraphFactory.blueprint(network, spec(firstUnit, endUnit));
    }

    /**
     * Cuts the whole graph into stages with parameters of their own.
     *
     * @param cuts first unit of every stage but the first, strictly ascending
     */
    public List<StageGraph> split(List<Integer> cuts) {
        List<StageGraph> stages = new ArrayList<>();
        int first = 0;
        for (int cut : cuts) {
            stages.add(stage(first, cut, Storage.COPIED));
            first = cut;
        }
        stages.add(stage(first, units.size(), Storage.COPIED));
        return stages;
    }

    private List<String> feeds(List<String> mine) {
        Set<String> used = new LinkedHashSet<>();
        for (String unit : mine) {
            used.addAll(inputsOf(unit));
            used.addAll(namedInputs(configuration.getVertices().get(unit)));
        }
        return configuration.getNetworkInputs().stream().filter(used::contains).toList();
    }

    private List<String> inputsOf(String unit) {
        return configuration.getVertexInputs().getOrDefault(unit, List.of());
    }

    /** Network inputs that a vertex reads by name, past its declared inputs: for their mask or their length. */
    private static List<String> namedInputs(@Nullable GraphVertex vertex) {
        String name = null;
        if (vertex instanceof LastTimeStepVertex last) {
            name = last.getMaskArrayInputName();
        } else if (vertex instanceof DuplicateToTimeSeriesVertex duplicate) {
            name = duplicate.getInputName();
        } else if (vertex instanceof ReverseTimeSeriesVertex reverse) {
            name = reverse.getMaskArrayInputName();
        }
        return name == null ? List.of() : List.of(name);
    }

    private void checkRange(int firstUnit, int endUnit) {
        if (firstUnit < 0 || endUnit > units.size() || firstUnit >= endUnit) {
            throw new IllegalArgumentException("a stage of the units [" + firstUnit + ", " + endUnit
                    + ") is not possible: the graph has " + units.size()
                    + " units and a stage holds at least one");
        }
    }

    private static List<String> orderedUnits(ComputationGraph network) {
        List<String> names = new ArrayList<>();
        for (int index : network.topologicalSortOrder()) {
            org.deeplearning4j.nn.graph.vertex.GraphVertex vertex = network.getVertices()[index];
            if (!vertex.isInputVertex()) {
                names.add(vertex.getVertexName());
            }
        }
        return List.copyOf(names);
    }
}
