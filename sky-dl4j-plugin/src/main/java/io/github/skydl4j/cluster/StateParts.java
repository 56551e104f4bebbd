package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.StatePiece;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Cuts state into parts that travel one by one, so that neither side holds much more than the state itself. */
final class StateParts {
    /** Elements in a part: 1 MiB of float32. */
    private static final long MOST_ELEMENTS = 1 << 18;

    private StateParts() {}

    /**
     * Hands over the parts in order.
     *
     * @return how many
     */
    static int send(long stream, Iterable<List<StatePiece>> units, Consumer<StatePart> taker) {
        int parts = 0;
        for (List<StatePiece> pieces : units) {
            for (StatePiece piece : pieces) {
                parts += send(stream, piece, taker);
            }
        }
        return parts;
    }

    private static int send(long stream, StatePiece piece, Consumer<StatePart> taker) {
        INDArray values = piece.values();
        long length = values.length();
        int parts = 0;
        for (long offset = 0; offset < length; offset += MOST_ELEMENTS) {
            long end = Math.min(length, offset + MOST_ELEMENTS);
            INDArray part = values.get(NDArrayIndex.interval(offset, end));
            taker.accept(new StatePart(stream, piece.unit(), piece.parameter(), piece.section(), length, offset, part));
            parts++;
        }
        return parts;
    }
}
