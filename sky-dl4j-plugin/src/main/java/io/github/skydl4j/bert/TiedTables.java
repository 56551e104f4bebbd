package io.github.skydl4j.bert;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.random.impl.GaussianDistribution;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The word table of a masked language model, which is there twice: in the embeddings, and in the decoder, which may be on
 * another worker.
 *
 * <p>Both copies start with the same values, get the sum of both gradients, and have the same updater, regularization and
 * clipping; an update of equal arrays by equal rules is equal, so they stay one table bit for bit. (Clipping by the norm of
 * a whole layer is not such a rule: {@link BertGraph} refuses it.) In a plain graph the embeddings' backward, the last of
 * all, adds the gradients up. A driver that cuts graphs, or adds up micro-batches, takes that over with {@link #defer}.
 */
public final class TiedTables {
    /** The multiplier of Knuth's MMIX generator. */
    private static final long SEED_FACTOR = 6364136223846793005L;

    private TiedTables() {}

    /** The gradients of the copies that a graph holds, embeddings first: none, one or two, of equal shape. */
    public static List<INDArray> gradients(ComputationGraph graph) {
        List<INDArray> gradients = new ArrayList<>();
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex instanceof EmbeddingsVertex embeddings && embeddings.isTied()) {
                gradients.add(embeddings.gradient(BertEmbeddings.WORD));
            } else if (vertex.hasLayer() && vertex.getLayer() instanceof DecoderLayer decoder) {
                gradients.add(decoder.tableGradient());
            }
        }
        return gradients;
    }

    /** The vertices of a graph that hold a copy: none, one or two. */
    public static List<String> vertices(ComputationGraph graph) {
        List<String> vertices = new ArrayList<>();
        for (GraphVertex vertex : graph.getVertices()) {
            boolean embeddings = vertex instanceof EmbeddingsVertex words && words.isTied();
            if (embeddings || (vertex.hasLayer() && vertex.getLayer() instanceof DecoderLayer)) {
                vertices.add(vertex.getVertexName());
            }
        }
        return vertices;
    }

    /** Leaves adding up the gradients to whoever drives the graph. */
    public static void defer(ComputationGraph graph) {
        for (GraphVertex vertex : graph.getVertices()) {
            if (vertex instanceof EmbeddingsVertex embeddings) {
                embeddings.leaveTieToDriver();
            }
        }
    }

    /** Adds {@code other} to {@code gradient}: sums of two numbers do not depend on their order, so both sides agree. */
    public static void add(INDArray gradient, INDArray other) {
        KernelChoice.forType(gradient.dataType()).add(gradient, other);
    }

    /** The first values of either copy: the same for the same seed, whatever was drawn before. */
    static void draw(INDArray table, BertConfig config, long seed) {
        // For ND4J a seed of 0 is none: it would draw other numbers each time.
        long mixed = Math.max(1, (seed * SEED_FACTOR) >>> 1);
        Random random = Nd4j.getRandomFactory().getNewRandomInstance(mixed);
        Nd4j.getExecutioner().exec(new GaussianDistribution(table, 0.0, config.initializerRange()), random);
        if (config.padTokenId() >= 0) {
            table.getRow(config.padTokenId()).assign(0);
        }
    }
}
