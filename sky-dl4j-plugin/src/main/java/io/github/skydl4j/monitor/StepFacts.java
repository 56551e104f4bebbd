package io.github.skydl4j.monitor;

import java.util.List;

/**
 * A step as its trainer saw it.
 *
 * @param step counts from 1 over the run
 * @param epoch counts from 0
 * @param loss averaged over the examples
 * @param rows examples
 * @param startNanos by this machine's clock, {@link System#nanoTime()}
 * @param nanos from the first forward to the last update, without the time of listeners
 * @param forwardNanos compute of one forward on each stage, averaged over the micro-batches
 * @param backwardNanos compute of one backward likewise
 */
public record StepFacts(
        long step,
        int epoch,
        double loss,
        int rows,
        long startNanos,
        long nanos,
        List<Long> forwardNanos,
        List<Long> backwardNanos) {
    /** Copies the lists. */
    public StepFacts {
        forwardNanos = List.copyOf(forwardNanos);
        backwardNanos = List.copyOf(backwardNanos);
        if (nanos < 0) {
            throw new IllegalArgumentException("step " + step + " took " + nanos + " ns, below 0");
        }
    }

    /** Examples per second. */
    public double samplesPerSecond() {
        return nanos == 0 ? 0 : rows / (nanos / 1e9);
    }
}
