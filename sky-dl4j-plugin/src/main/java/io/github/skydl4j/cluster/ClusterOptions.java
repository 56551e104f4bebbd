package io.github.skydl4j.cluster;

import java.time.Duration;
import java.util.function.Consumer;

/**
 * How a coordinator works. Immutable.
 *
 * @param expected how many workers must have joined before the start
 * @param joinLimit how long it waits for them, and later for more where those left cannot hold the model
 * @param togetherLimit how long it waits, when it plans anew, for those expected that are not there, although those that are
 *     could go on: for workers that are lost together and start together again; zero for workers that come and go one by one
 * @param snapshots where and how often the run is saved
 * @param events hears what happens to the workers, on the thread that trains; must not block
 */
public record ClusterOptions(
        int expected,
        Duration joinLimit,
        Duration togetherLimit,
        SnapshotPlan snapshots,
        Consumer<ClusterEvent> events) {
    /** Checks the ranges. */
    public ClusterOptions {
        if (expected < 1) {
            throw new IllegalArgumentException("a cluster of " + expected + " workers: it must be at least 1");
        }
        if (joinLimit.isNegative() || joinLimit.isZero()) {
            throw new IllegalArgumentException("joinLimit is " + joinLimit + ": it must be above 0");
        }
        if (togetherLimit.isNegative()) {
            throw new IllegalArgumentException("togetherLimit is " + togetherLimit + ", below 0");
        }
    }

    /** For workers that come and go one by one. */
    public ClusterOptions(int expected, Duration joinLimit, SnapshotPlan snapshots, Consumer<ClusterEvent> events) {
        this(expected, joinLimit, Duration.ZERO, snapshots, events);
    }
}
