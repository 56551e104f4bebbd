package io.github.skydl4j.monitor;

import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.schedule.Action;
import java.util.Objects;

/**
 * Something that a stage did. Immutable, plain values only, so that another machine can send it.
 *
 * @param step counts from 1 over the run
 * @param cause the forward or backward that it was done for; for an update it says nothing
 * @param microBatch 0 for an update
 * @param startNanos by the clock of the machine that recorded it ({@link System#nanoTime()}), until they are merged
 * @param bytes what a transfer moved, else 0
 */
public record StageEvent(
        long step,
        int stage,
        Activity activity,
        Action.Kind cause,
        int microBatch,
        long startNanos,
        long endNanos,
        long bytes) {
    /** Checks the order of the times. */
    public StageEvent {
        Objects.requireNonNull(activity, "activity");
        Objects.requireNonNull(cause, "cause");
        if (endNanos - startNanos < 0) {
            throw new IllegalArgumentException(
                    activity + " of stage " + stage + " ends " + (startNanos - endNanos) + " ns before it starts");
        }
    }

    /** How long it took. */
    public long nanos() {
        return endNanos - startNanos;
    }

    /** The same event at another time. */
    public StageEvent at(long newStartNanos, long newEndNanos) {
        return new StageEvent(step, stage, activity, cause, microBatch, newStartNanos, newEndNanos, bytes);
    }

    /** The same event, counted for another step. */
    public StageEvent ofStep(long newStep) {
        return new StageEvent(newStep, stage, activity, cause, microBatch, startNanos, endNanos, bytes);
    }

    /** The link that a transfer went over: link i joins stages i and i + 1. */
    public int link() {
        return isForward() ? stage - 1 : stage;
    }

    /** Whether it was done for a forward. */
    public boolean isForward() {
        return cause == Action.Kind.FORWARD;
    }
}
