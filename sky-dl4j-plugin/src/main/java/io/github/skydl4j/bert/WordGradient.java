package io.github.skydl4j.bert;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.SgdUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

/**
 * The gradient of the word embeddings of a graph and of its replicas, and which of its rows are not zero: those of the
 * words in the batch, a few hundred of 30,000.
 *
 * <p>Each backward zeroes the rows of the one before and adds to its own. Where the updater is plain gradient descent
 * (without momentum, regularization or clipping), a word that is not in the batch stays as it is, so the update takes rows
 * only too, and DL4J's updater is told to leave the table alone. Other updaters move every word in every step.
 *
 * <p>The array may be shared with graphs that know nothing of rows, so the last writer of any word gradient is remembered:
 * after somebody else's backward all rows count as not zero. Confined to the stage thread.
 */
public final class WordGradient {
    private static final AtomicReference<@Nullable Object> LAST_WRITER = new AtomicReference<>();

    private final EmbeddingsVertex vertex;
    private final TableRows rows;

    private WordGradient(EmbeddingsVertex vertex) {
        this.vertex = vertex;
        this.rows = new TableRows(table().rows());
    }

    /** Follows the word gradient of a graph from its next backward on; empty where the graph has no embeddings. */
    public static Optional<WordGradient> follow(ComputationGraph graph) {
        return embeddings(graph).map(vertex -> {
            WordGradient gradient = new WordGradient(vertex);
            vertex.follow(gradient);
            return gradient;
        });
    }

    /** Follows the backwards of a replica too, which has the same parameters and gradients. */
    public void shareWith(GraphVertex replica) {
        ((EmbeddingsVertex) replica).follow(this);
    }

    /** The name of the vertex. */
    public String unit() {
        return vertex.getVertexName();
    }

    /** The gradient, {@code [vocabulary, hidden]}, a view that begins where the gradient of {@link #unit} begins. */
    public INDArray table() {
        return vertex.gradient(BertEmbeddings.WORD);
    }

    /** The rows that may be other than zero. Whoever writes others says so here. */
    public TableRows rows() {
        return rows;
    }

    /** Whether {@link #descend} updates the table, and DL4J's updater does not. */
    public boolean descendsByRow() {
        return vertex.descendsByRow();
    }

    /**
     * Does to the rows of the batch what DL4J's updater and step do: divides, multiplies by the learning rate, subtracts.
     *
     * @param divisor examples of the batch, or 1
     */
    public void descend(int divisor, int iteration, int epoch) {
        double rate = ((Sgd) vertex.settings().updater()).getLearningRate(iteration, epoch);
        INDArray parameters = vertex.parameter(BertEmbeddings.WORD);
        if (rows.all()) {
            Nd4j.exec(new SgdUpdater(table().divi(divisor), rate));
            parameters.subi(table());
        } else if (!rows.isEmpty()) {
            vertex.kernels.descendRows(parameters, table(), rows.toArray(), divisor, rate);
        }
    }

    /** Makes the table all zero, before a backward adds to it. */
    void clear() {
        if (LAST_WRITER.getAndSet(this) != this) {
            rows.addAll();
        }
        rows.clear(table());
    }

    /** Makes a table all zero that nobody follows. */
    static void clear(EmbeddingsVertex writer) {
        LAST_WRITER.set(writer);
        writer.gradient(BertEmbeddings.WORD).assign(0);
    }

    private static Optional<EmbeddingsVertex> embeddings(ComputationGraph graph) {
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex instanceof EmbeddingsVertex embeddings) {
                return Optional.of(embeddings);
            }
        }
        return Optional.empty();
    }
}
