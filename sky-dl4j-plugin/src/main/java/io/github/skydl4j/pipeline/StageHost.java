package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.plan.Link;
import org.jspecify.annotations.Nullable;

/**
 * A stage and the worker that plays it.
 *
 * @param worker name, for messages
 * @param link to the next stage's worker; {@link Link#INSTANT} for none
 * @param recompute whether activations are dropped after the forward and computed again, exactly, before the backward:
 *     a third more time, and of each micro-batch in flight only the stage's input is kept
 * @param observer hears what the stage does; null for nobody, which costs nothing
 */
public record StageHost(
        StageGraph stage,
        String worker,
        Emulation emulation,
        Link link,
        boolean recompute,
        @Nullable StageObserver observer) {
    /** A host that nobody observes. */
    public StageHost(StageGraph stage, String worker, Emulation emulation, Link link, boolean recompute) {
        this(stage, worker, emulation, link, recompute, null);
    }

    /** A host that keeps activations. */
    public StageHost(StageGraph stage, String worker, Emulation emulation, Link link) {
        this(stage, worker, emulation, link, false);
    }
}
