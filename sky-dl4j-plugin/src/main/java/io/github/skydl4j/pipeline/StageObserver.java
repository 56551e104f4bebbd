package io.github.skydl4j.pipeline;

import io.github.skydl4j.schedule.Action;

/**
 * Hears what one stage does while it trains. Called on the stage's thread, in the middle of its work: an observer must not
 * wait, and what it throws fails the stage.
 */
public interface StageObserver {
    /** A step begins on the stage. */
    default void stepStarted() {}

    /**
     * Something is done.
     *
     * @param cause the forward or backward that it was done for; for an update it says nothing
     * @param startNanos by {@link System#nanoTime()}; not after {@code endNanos}
     * @param bytes what a transfer moved, else 0
     */
    void done(Activity activity, Action.Kind cause, int microBatch, long startNanos, long endNanos, long bytes);
}
