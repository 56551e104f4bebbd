package io.github.skydl4j.plan;

import java.util.Map;
import java.util.Objects;

/**
 * What one worker can do. Immutable.
 *
 * @param name the worker, for people; names in one cluster differ
 * @param slowness time factor: 1 is the reference, 4 is four times slower
 * @param slownessOfKind time factors of unit kinds that differ from {@code slowness}, such as the embeddings of a GPU
 * @param memoryBytes what the worker may hold; {@code Long.MAX_VALUE} for no limit
 */
public record WorkerProfile(String name, double slowness, Map<String, Double> slownessOfKind, long memoryBytes) {

    public WorkerProfile {
        Objects.requireNonNull(name, "name");
        slownessOfKind = Map.copyOf(slownessOfKind);
        requirePositive(name, slowness);
        slownessOfKind.values().forEach(factor -> requirePositive(name, factor));
        if (memoryBytes < 0) {
            throw new IllegalArgumentException("worker " + name + ": memoryBytes is " + memoryBytes + ", below 0");
        }
    }

    /** A worker equally slow on all kinds of units. */
    public WorkerProfile(String name, double slowness, long memoryBytes) {
        this(name, slowness, Map.of(), memoryBytes);
    }

    /** The same with other memory. */
    public WorkerProfile withMemory(long bytes) {
        return new WorkerProfile(name, slowness, slownessOfKind, bytes);
    }

    public double slownessOf(UnitProfile unit) {
        return slownessOfKind.getOrDefault(unit.kind(), slowness);
    }

    public boolean hasMemoryLimit() {
        return memoryBytes < Long.MAX_VALUE;
    }

    private static void requirePositive(String worker, double slowness) {
        if (!(slowness > 0) || Double.isInfinite(slowness)) {
            throw new IllegalArgumentException("worker " + worker + ": slowness is " + slowness
                    + ", it must be above 0 and finite; 1 is the reference, 4 is four times slower");
        }
    }
}
