package io.github.skydl4j.pipeline;

/**
 * What one stage took in one step, in nanoseconds of its worker.
 *
 * @param busyNanos time at work, the emulation's idling included
 * @param forwardNanos compute of one forward, averaged over the micro-batches
 * @param backwardNanos compute of one backward likewise
 */
public record StageStep(long busyNanos, long forwardNanos, long backwardNanos) {}
