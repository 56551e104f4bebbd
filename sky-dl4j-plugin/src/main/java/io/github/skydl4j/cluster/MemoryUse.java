package io.github.skydl4j.cluster;

/**
 * What a worker's process holds. Immutable.
 *
 * @param plannedBytes what it held without a stage, and what the plan puts on it
 * @param bytes resident memory when it last reported
 */
public record MemoryUse(String worker, long plannedBytes, long bytes) {}
