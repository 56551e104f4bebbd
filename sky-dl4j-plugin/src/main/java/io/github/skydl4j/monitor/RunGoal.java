package io.github.skydl4j.monitor;

/** How long a run is meant to be. Immutable. */
public record RunGoal(int epochs, int stepsPerEpoch) {
    /** Checks the ranges. */
    public RunGoal {
        if (epochs < 1 || stepsPerEpoch < 1) {
            throw new IllegalArgumentException(epochs + " epochs of " + stepsPerEpoch + " steps: at least 1 of each");
        }
    }

    /** Steps of all epochs. */
    public long steps() {
        return (long) epochs * stepsPerEpoch;
    }
}
