package io.github.skydl4j.plan;

import java.util.List;
import java.util.Optional;

/** Bisection for the least bottleneck under which a covering finds stages. */
final class BottleneckSearch {

    private BottleneckSearch() {}

    /**
     * The stages of the least bottleneck above or at {@code bound}, which must be a true lower bound; empty if none
     * cover the units at all. Exact to the nanosecond if the covering is exact.
     */
    static Optional<List<StagePlan>> least(CostModel costs, Covering covering, long bound) {
        Optional<List<StagePlan>> best = covering.within(Long.MAX_VALUE);
        if (best.isEmpty()) {
            return best;
        }
        long low = bound;
        long high = bottleneck(costs, best.get());
        while (low < high) {
            long middle = low + (high - low) / 2;
            Optional<List<StagePlan>> better = covering.within(middle);
            if (better.isPresent()) {
                best = better;
                high = bottleneck(costs, better.get());
            } else {
                low = middle + 1;
            }
        }
        return best;
    }

    private static long bottleneck(CostModel costs, List<StagePlan> stages) {
        return StepTimes.of(costs, stages).bottleneck();
    }
}
