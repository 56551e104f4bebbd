package io.github.skydl4j.pipeline;

/**
 * What one stage took in one step, in nanoseconds of its worker.
 *
 * @param busyNanos time at work, the emulation's idling included
 * @param forwardNanos compute of one forward, averaged over the micro-batches
 * @param backwardNanos compute of one backward likewise
 * @param transferNanos one transfer of activations from the stage before, the shortest of the step that took any time; 0 for
 *     the first stage, and from a channel that cannot tell
 */
public record StageStep(long busyNanos, long forwardNanos, long backwardNanos, long transferNanos) {}
