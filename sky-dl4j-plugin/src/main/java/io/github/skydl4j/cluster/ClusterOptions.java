package io.github.skydl4j.cluster;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How a coordinator works. Immutable.
 *
 * @param expected how many workers must have joined before the start
 * @param joinLimit how long it waits for them, and later for more where those left cannot hold the model
 * @param snapshots where and how often the run is saved
 * @param events hears what happens to the workers, on the thread that trains; must not block
 */
public record ClusterOptions(int expected, Duration joinLimit, SnapshotPlan snapshots, Consumer<ClusterEvent> events) {
    /** Checks the ranges. */
    public ClusterOptions {
        if (expected < 1) {
            throw new IllegalArgumentException("a cluster of " + expected + " workers: it must be at least 1");
        }
        if (joinLimit.isNegative() || joinLimit.isZero()) {
            throw new IllegalArgumentException("joinLimit is " + joinLimit + ": it must be above 0");
        }
    }
}
