package io.github.skydl4j.cluster;

/**
 * What a worker says of itself when it joins. Immutable.
 *
 * @param cores processors of its JVM
 * @param memoryBytes what the planner may put on it; {@code Long.MAX_VALUE} for no limit
 * @param device its back end, for people
 * @param slowdown how much slower it plays, 0 for its own speed; see {@link io.github.skydl4j.pipeline.Emulation}
 */
public record WorkerTraits(int cores, long memoryBytes, String device, double slowdown) {
    /** Checks the ranges. */
    public WorkerTraits {
        if (cores < 1 || memoryBytes <= 0 || !(slowdown >= 0) || Double.isInfinite(slowdown)) {
            throw new IllegalArgumentException("a worker with " + cores + " cores, " + memoryBytes
                    + " bytes and slowdown " + slowdown + ": cores and bytes must be above 0, slowdown at least 0");
        }
    }
}
