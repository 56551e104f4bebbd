package io.github.skydl4j.plan;

/**
 * How the CPU time of a piece of work grows from one circumstance to another: {@code factor x earlier + pieceNanos}.
 * Immutable.
 *
 * @param factor above 0; below 1 where work has become faster, as code does that was compiled in the meantime
 * @param pieceNanos what each piece of work takes besides, however long it is; at least 0
 */
public record Growth(double factor, long pieceNanos) {
    /** Nothing changes. */
    public static final Growth NONE = new Growth(1, 0);

    public Growth {
        if (!(factor > 0) || Double.isInfinite(factor)) {
            throw new IllegalArgumentException("factor is " + factor + ": it must be above 0");
        }
        if (pieceNanos < 0) {
            throw new IllegalArgumentException("pieceNanos is " + pieceNanos + ": it must be at least 0");
        }
    }
}
