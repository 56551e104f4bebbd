package io.github.skydl4j.monitor;

/**
 * How a stage spent one step, in nanoseconds. What is missing to the whole step is waiting for the others at its end, and
 * overhead.
 *
 * @param busyNanos forwards, backwards, update
 * @param inputWaitNanos waiting for messages that had not been sent
 * @param linkWaitNanos waiting for messages on their way
 */
public record StageShare(long busyNanos, long inputWaitNanos, long linkWaitNanos) {}
