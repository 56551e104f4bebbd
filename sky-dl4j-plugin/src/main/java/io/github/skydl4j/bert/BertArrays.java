package io.github.skydl4j.bert;

import java.util.Arrays;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.Map;
import java.util.Set;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Lets the BERT vertices of one graph use the same memory again for every micro-batch.
 *
 * <p>An ND4J array costs microseconds to make, and more to be found by the garbage collector, which sees its small Java
 * objects and not the memory behind them. In a managed graph a vertex makes each of its arrays once, under a name, and
 * makes it anew only when its shape changes; so what a forward or a backward returns is overwritten by the next one of
 * the same graph. Arrays that leave the graph are new each time and stay the caller's: activations of the vertices named,
 * network outputs, and errors of network inputs. What only a backward needs, and only while it runs, is shared by all
 * graphs of a stage, of which one at a time is at work.
 *
 * <p>Confined to the thread that drives the graph.
 */
public final class BertArrays {
    private final Map<String, INDArray> byName = new HashMap<>();
    /** Views of arrays {@code [batch, time, size]} with one row a token. */
    private final IdentityHashMap<INDArray, INDArray> matrices = new IdentityHashMap<>();

    private final BertArrays shared;

    private BertArrays(@Nullable BertArrays sibling) {
        this.shared = sibling == null ? this : sibling.shared;
    }

    /**
     * Has a graph managed from its next forward on.
     *
     * @param leaving vertices whose activations are used outside the graph
     * @return what {@link #manageReplica} takes
     */
    public static BertArrays manage(ComputationGraph graph, Set<String> leaving) {
        return manage(graph, leaving, new BertArrays(null));
    }

    /** Has another graph of the same stage managed, on the same thread. */
    public void manageReplica(ComputationGraph replica, Set<String> leaving) {
        manage(replica, leaving, new BertArrays(this));
    }

    private static BertArrays manage(ComputationGraph graph, Set<String> leaving, BertArrays arrays) {
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex instanceof BertUnitVertex unit) {
                boolean stays = !unit.isOutputVertex() && !leaving.contains(unit.getVertexName());
                unit.manage(arrays, stays);
            }
        }
        return arrays;
    }

    /** The arrays of backwards, the same object for all graphs of a stage. */
    BertArrays shared() {
        return shared;
    }

    /** The array of this name, new if there was none of this shape; its content is undefined. */
    INDArray get(String name, DataType type, long... shape) {
        INDArray known = byName.get(name);
        if (known != null && Arrays.equals(known.shape(), shape)) {
            return known;
        }
        if (known != null) {
            matrices.remove(known);
            known.close();
        }
        INDArray made = Nd4j.createUninitialized(type, shape, 'c');
        byName.put(name, made);
        if (shape.length == 3) {
            matrices.put(made, matrix(made));
        }
        return made;
    }

    /** An array {@code [batch, time, size]} as a matrix with one row a token. */
    INDArray tokens(INDArray array) {
        INDArray known = matrices.getOrDefault(array, shared.matrices.get(array));
        return known == null ? matrix(array) : known;
    }

    static INDArray matrix(INDArray array) {
        return array.reshape('c', array.size(0) * array.size(1), array.size(2));
    }
}
