package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.StatePiece;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Fills a graph's state from parts, and knows when it is complete. Thread-safe. */
final class StateFilling {
    private record Name(String unit, String parameter, int section) {}

    private final Map<Name, INDArray> targets = new HashMap<>();
    private long missing;

    /** Creates a filling of these pieces' memory. */
    StateFilling(Iterable<List<StatePiece>> units) {
        for (List<StatePiece> pieces : units) {
            for (StatePiece piece : pieces) {
                targets.put(new Name(piece.unit(), piece.parameter(), piece.section()), piece.values());
                missing += piece.values().length();
            }
        }
    }

    /**
     * Puts a part where it belongs.
     *
     * @throws IllegalArgumentException if the graph has no such place
     */
    synchronized void accept(StatePart part) {
        INDArray target = targets.get(new Name(part.unit(), part.parameter(), part.section()));
        if (target == null || target.length() != part.length()) {
            throw new IllegalArgumentException("the graph has no piece " + part.unit() + "/" + part.parameter()
                    + " section " + part.section() + " of " + part.length() + " values");
        }
        long end = part.offset() + part.values().length();
        target.get(NDArrayIndex.interval(part.offset(), end)).assign(part.values());
        missing -= part.values().length();
    }

    /** Values that have not come. */
    synchronized long missing() {
        return missing;
    }
}
