package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Arrays;

/**
 * The step that no plan beats, with a given schedule.
 *
 * <p>Let a plan have stage times t_1 ... t_k and the step T, and let x be its longest stage or link. {@link StepBound} says
 * t_i &lt;= (T - head_i) / m with the head all time before the stage, and sum t + sum 2c + (m - 1) p x &lt;= T, where p is the
 * least share that the longer of forward and backward has in a stage (1 for GPipe, where both add up). With T and x
 * given, the least sum of stage times that does all work fills the fastest worker first, each up to the smaller of x
 * and (T - head) / m: exchanging two neighbours that are out of this order never hurts. That sum is convex in x, so
 * one search finds the best x, and another the least T. x is at least the proved bound of the bottleneck, through
 * which whole units and memory count. Every stage but the first pays for its link in proportion to its time, all of it
 * at T / m, which keeps the sum convex. O(workers x log² T).
 */
final class StepFloor {

    private static final double CERTAIN = 1e-7;

    private final int microBatches;
    private final double work;
    private final double[] slowness;
    private final double link;
    private final double share;
    private final double least;

    private StepFloor(CostModel costs, long bottleneckBound) {
        this.microBatches = costs.microBatches();
        this.work = StepBound.referenceWork(costs);
        this.slowness = StepBound.fastestFactors(costs);
        Arrays.sort(slowness);
        this.link = 2.0 * cheapestLink(costs);
        this.share = costs.request().schedule() == ScheduleKind.GPIPE ? 1 : longerShare(costs);
        this.least = bottleneckBound;
    }

    /** The floor, given what is proved about the bottleneck. */
    static long of(CostModel costs, long bottleneckBound) {
        long pass = StepBound.fastestPass(costs);
        if (costs.owner().isPresent()) { // The argument counts one stage a worker: here only that all are busy remains.
            return Math.max(pass, costs.microBatches() * StepBound.bottleneck(costs));
        }
        return Math.max(pass, (long) Math.floor(new StepFloor(costs, bottleneckBound).search((double) pass)));
    }

    private double search(double certain) {
        double low = Math.max(certain, least * microBatches);
        double high = Math.max(1, low);
        while (!mayBe(high)) {
            low = high;
            high *= 2;
        }
        while (high - low > CERTAIN * high) {
            double middle = (low + high) / 2;
            if (mayBe(middle)) {
                high = middle;
            } else {
                low = middle;
            }
        }
        return low;
    }

    /** Whether some longest stage time x makes the step possible: the least excess over x, found by thirds. */
    private boolean mayBe(double step) {
        double low = least;
        double high = Math.max(least, step / microBatches);
        for (int i = 0; i < 60; i++) {
            double left = low + (high - low) / 3;
            double right = high - (high - low) / 3;
            if (excess(step, left) <= excess(step, right)) {
                high = right;
            } else {
                low = left;
            }
        }
        double excess = Math.min(excess(step, low), Math.min(excess(step, high), excess(step, (low + high) / 2)));
        return excess <= CERTAIN * step;
    }

    private double excess(double step, double longest) {
        return leastPass(step, longest) + (microBatches - 1) * share * longest - step;
    }

    /** The least time in which one micro-batch passes all stages, none longer than {@code longest}; or so much more. */
    private double leastPass(double step, double longest) {
        double head = 0;
        double left = work;
        double withLink = 1;
        for (double factor : slowness) {
            double room = Math.min(longest, (step - head) / microBatches);
            if (room <= 0) {
                break;
            }
            if (room >= left * factor) {
                return head + left * factor * withLink;
            }
            left -= room / factor;
            head += room * withLink;
            withLink = 1 + link * microBatches / step;
        }
        return head + step * 1e3 * left / work;
    }

    private static long cheapestLink(CostModel costs) {
        long cheapest = Long.MAX_VALUE;
        for (int cut = 1; cut < costs.units(); cut++) {
            cheapest = Math.min(cheapest, costs.fastestLink(cut));
        }
        return cheapest == Long.MAX_VALUE ? 0 : cheapest;
    }

    private static double longerShare(CostModel costs) {
        double least = 1;
        double most = 0;
        for (UnitProfile unit : costs.request().units()) {
            double all = (double) unit.forwardNanos() + unit.backwardNanos();
            if (all > 0) {
                least = Math.min(least, unit.backwardNanos() / all);
                most = Math.max(most, unit.backwardNanos() / all);
            }
        }
        return Math.max(0.5, Math.max(least, 1 - most));
    }
}
