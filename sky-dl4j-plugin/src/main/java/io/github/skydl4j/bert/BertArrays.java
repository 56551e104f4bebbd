package io.github.skydl4j.bert;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Frees what the BERT vertices of one graph hand each other as soon as nothing in the graph needs it.
 *
 * <p>DL4J leaves activations and errors to the garbage collector, which sees their small Java objects and not the memory
 * behind them; allocating anew then costs a multiple of reusing what was just freed. In a managed graph an error is
 * closed when its vertex has gone backward, and activations are closed when their vertex is cleared after its backward,
 * or goes forward again. Whoever drives the graph must not keep them longer. Arrays that leave the graph stay the caller's: activations
 * of the vertices named, network outputs, and errors of network inputs.
 *
 * <p>Confined to the thread that drives the graph.
 */
public final class BertArrays {
    private final Set<INDArray> errors = Collections.newSetFromMap(new IdentityHashMap<>());

    private BertArrays() {}

    /**
     * Has a graph managed from its next forward on.
     *
     * @param leaving vertices whose activations are used outside the graph
     */
    public static void manage(ComputationGraph graph, Set<String> leaving) {
        BertArrays arrays = new BertArrays();
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex instanceof BertUnitVertex unit) {
                boolean stays = !unit.isOutputVertex() && !leaving.contains(unit.getVertexName());
                unit.manage(arrays, stays);
            }
        }
    }

    /** Notes an error that a vertex of the graph hands to another. */
    void lend(INDArray error) {
        errors.add(error);
    }

    /** Closes an error that has been used, if it is one of the graph's own. */
    void used(INDArray error) {
        if (errors.remove(error)) {
            error.close();
        }
    }

    /** Closes errors that were added to others. */
    void closeErrors() {
        errors.forEach(INDArray::close);
        errors.clear();
    }
}
