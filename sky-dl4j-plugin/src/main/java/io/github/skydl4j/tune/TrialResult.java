package io.github.skydl4j.tune;

import java.util.List;

/**
 * A candidate and all of its runs. Immutable.
 *
 * @param simulatedNanos what the simulator says of its step, with speeds and links as measured in the end
 */
public record TrialResult(TrialPlan plan, List<Measurement> runs, long simulatedNanos) {

    /** Checks that there was a run. */
    public TrialResult {
        runs = List.copyOf(runs);
        if (runs.isEmpty()) {
            throw new IllegalArgumentException("a result has at least one run");
        }
    }

    /** The median over the runs. */
    public long stepNanos() {
        return Medians.of(runs.stream().map(Measurement::stepNanos).toList());
    }
}
