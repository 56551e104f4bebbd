package io.github.skydl4j.schedule;

import java.util.Objects;

/** One piece of work of a stage: the forward or the backward of one micro-batch. Prints as {@code F3} or {@code B3}. */
public record Action(Kind kind, int microBatch) {

    /** What is done with the micro-batch. */
    public enum Kind {
        FORWARD,
        BACKWARD
    }

    public Action {
        Objects.requireNonNull(kind, "kind");
        if (microBatch < 0) {
            throw new IllegalArgumentException("micro-batch " + microBatch + " is negative: they count from 0");
        }
    }

    public static Action forward(int microBatch) {
        return new Action(Kind.FORWARD, microBatch);
    }

    public static Action backward(int microBatch) {
        return new Action(Kind.BACKWARD, microBatch);
    }

    public boolean isForward() {
        return kind == Kind.FORWARD;
    }

    @Override
    public String toString() {
        return (isForward() ? "F" : "B") + microBatch;
    }
}
