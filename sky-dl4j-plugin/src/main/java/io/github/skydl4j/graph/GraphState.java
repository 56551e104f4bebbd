package io.github.skydl4j.graph;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What training changes in a graph, by unit and parameter name, so that it can be kept and put into another cut of the same
 * network: DL4J lays updater state out differently in every cut.
 */
public final class GraphState {
    private GraphState() {}

    /** The pieces of a whole network or a stage, by unit in topological order. Units without parameters are left out. */
    public static Map<String, List<StatePiece>> of(ComputationGraph graph) {
        Map<String, List<StatePiece>> units = new LinkedHashMap<>();
        if (graph.params() == null || graph.params().isEmpty()) {
            return units;
        }
        Map<String, List<INDArray>> states = UpdaterState.sections(graph);
        INDArray parameters = graph.params().reshape(graph.params().length());
        long offset = 0;
        for (int index : graph.topologicalSortOrder()) {
            GraphVertex vertex = graph.getVertices()[index];
            Map<String, INDArray> table = vertex.paramTable(false);
            if (table == null || table.isEmpty()) {
                continue;
            }
            List<StatePiece> pieces = new ArrayList<>();
            for (Map.Entry<String, INDArray> entry : table.entrySet()) {
                long end = offset + entry.getValue().length();
                String unit = vertex.getVertexName();
                pieces.add(new StatePiece(
                        unit,
                        entry.getKey(),
                        StatePiece.PARAMETER,
                        parameters.get(NDArrayIndex.interval(offset, end))));
                List<INDArray> sections = states.getOrDefault(unit + "_" + entry.getKey(), List.of());
                for (int section = 0; section < sections.size(); section++) {
                    pieces.add(new StatePiece(unit, entry.getKey(), section, sections.get(section)));
                }
                offset = end;
            }
            units.put(vertex.getVertexName(), pieces);
        }
        return units;
    }
}
