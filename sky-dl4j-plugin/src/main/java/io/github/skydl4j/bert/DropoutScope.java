package io.github.skydl4j.bert;

import org.jspecify.annotations.Nullable;

/**
 * Tells the BERT vertices which step, and which examples of its batch, the current thread works on.
 *
 * <p>Dropout depends on both and on nothing else that a cut or a schedule changes. Whoever splits a batch opens a scope
 * around each training forward (and each recomputation); the backward remembers it:
 *
 * <pre>{@code
 * try (DropoutScope scope = DropoutScope.open(step, firstExample)) {
 *     stage.feedForward(inputs, true, false);
 * }
 * }</pre>
 *
 * <p>Without a scope a vertex takes the iteration count of its graph and example 0 as the first, which is right for
 * {@code fit} on a whole graph. Belongs to the thread that opened it.
 */
public final class DropoutScope implements AutoCloseable {
    private static final ThreadLocal<@Nullable DropoutScope> CURRENT = new ThreadLocal<>();

    private final long step;
    private final long firstExample;
    private final @Nullable DropoutScope outer;

    private DropoutScope(long step, long firstExample, @Nullable DropoutScope outer) {
        this.step = step;
        this.firstExample = firstExample;
        this.outer = outer;
    }

    /**
     * Opens a scope on this thread, inside the one that may be open.
     *
     * @param step how many updates went before, as in the graph's iteration count
     * @param firstExample number in the whole batch of the micro-batch's first example
     */
    public static DropoutScope open(long step, long firstExample) {
        DropoutScope scope = new DropoutScope(step, firstExample, CURRENT.get());
        CURRENT.set(scope);
        return scope;
    }

    static @Nullable DropoutScope current() {
        return CURRENT.get();
    }

    long step() {
        return step;
    }

    long firstExample() {
        return firstExample;
    }

    /** Returns to the outer scope. */
    @Override
    public void close() {
        if (outer == null) {
            CURRENT.remove();
        } else {
            CURRENT.set(outer);
        }
    }
}
