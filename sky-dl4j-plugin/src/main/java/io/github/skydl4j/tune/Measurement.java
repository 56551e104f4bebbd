package io.github.skydl4j.tune;

import java.util.List;

/**
 * What a short run of a candidate took, in nanoseconds; medians over its steps. Immutable.
 *
 * @param stepNanos a step
 * @param forwardNanos compute of one forward, first stage to last
 * @param backwardNanos compute of one backward likewise
 * @param transferNanos one transfer into each stage but the first; 0 where that is not known
 */
public record Measurement(long stepNanos, List<Long> forwardNanos, List<Long> backwardNanos, List<Long> transferNanos) {

    /** Checks that there is a number for every stage. */
    public Measurement {
        forwardNanos = List.copyOf(forwardNanos);
        backwardNanos = List.copyOf(backwardNanos);
        transferNanos = List.copyOf(transferNanos);
        if (stepNanos <= 0) {
            throw new IllegalArgumentException("a step of " + stepNanos + " ns: it must be above 0");
        }
        int stages = forwardNanos.size();
        if (stages == 0 || backwardNanos.size() != stages || transferNanos.size() != stages - 1) {
            throw new IllegalArgumentException("found " + stages + " forward, " + backwardNanos.size()
                    + " backward and " + transferNanos.size() + " transfer times: n stages have n, n and n - 1");
        }
    }

    long computeNanos(int stage) {
        return forwardNanos.get(stage) + backwardNanos.get(stage);
    }
}
