package io.github.skydl4j.plan;

import java.util.List;
import java.util.Optional;

/** Bisection for the least bottleneck under which a covering finds stages. */
final class BottleneckSearch {

    private BottleneckSearch() {}

    /**
     * The stages of the least bottleneck from {@code bound} to below that of {@code known}, or {@code known} if there
     * are none. Exact to the nanosecond if the covering is exact and {@code bound} a true lower bound.
     */
    static List<StagePlan> improve(CostModel costs, Covering covering, long bound, List<StagePlan> known) {
        return improve(costs, covering, bound, known, 0);
    }

    /** As above, but stops once less than the share {@code tolerance} of the bottleneck could be gained. */
    static List<StagePlan> improve(
            CostModel costs, Covering covering, long bound, List<StagePlan> known, double tolerance) {
        List<StagePlan> best = known;
        long low = bound;
        long high = bottleneck(costs, known);
        while (low < high && high - low >= tolerance * high) {
            long middle = low + (high - 1 - low) / 2;
            long possible = largestCost(costs, middle);
            if (possible < low) {
                low = middle + 1;
                continue;
            }
            Optional<List<StagePlan>> better = covering.within(possible);
            if (better.isPresent()) {
                best = better.get();
                high = bottleneck(costs, best);
            } else {
                low = middle + 1;
            }
        }
        return best;
    }

    /**
     * As {@link #improve(CostModel, Covering, long, List)}, where {@code known} is thought to be close to the best:
     * asks from there downwards, in steps that double, before it bisects.
     */
    static List<StagePlan> improveDownwards(CostModel costs, Covering covering, long bound, List<StagePlan> known) {
        List<StagePlan> best = known;
        for (long step = Math.max(1, bottleneck(costs, known) / 1000); ; step *= 4) {
            long high = bottleneck(costs, best);
            long below = step <= high / 1000 ? high - 1 : high - step;
            long possible = below < bound ? -1 : largestCost(costs, below);
            if (possible < bound) {
                return improve(costs, covering, bound, best);
            }
            Optional<List<StagePlan>> better = covering.within(possible);
            if (better.isEmpty()) {
                return improve(costs, covering, possible + 1, best);
            }
            best = better.get();
        }
    }

    static long bottleneck(CostModel costs, List<StagePlan> stages) {
        return StepTimes.of(costs, stages).bottleneck();
    }

    /** The largest time of any stage or link that is no longer than {@code nanos}: only such can be a bottleneck.
     * Where links differ it is not worked out, and {@code nanos} itself returned. */
    static long largestCost(CostModel costs, long nanos) {
        if (!costs.hasEqualLinks()) {
            return nanos;
        }
        long largest = -1;
        for (int cut = 1; cut < costs.units(); cut++) {
            largest = Math.max(largest, costs.slowestLink(cut) <= nanos ? costs.slowestLink(cut) : -1);
        }
        for (int worker = 0; worker < costs.workers(); worker++) {
            if (costs.representative(worker) == worker) {
                largest = Math.max(largest, largestStage(costs, worker, nanos));
            }
        }
        return largest;
    }

    private static long largestStage(CostModel costs, int worker, long nanos) {
        long largest = -1;
        int first = 0;
        for (int end = 1; end <= costs.units(); end++) {
            while (costs.compute(worker, first, end) > nanos) {
                first++;
            }
            largest = Math.max(largest, first < end ? costs.compute(worker, first, end) : -1);
        }
        return largest;
    }
}
