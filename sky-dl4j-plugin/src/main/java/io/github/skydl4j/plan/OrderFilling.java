package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Good cuts for workers in a given order, for a step of m micro-batches. From the first stage on, each takes as many
 * units as its memory, a cap x on its time, and head + m (its time) &lt;= T allow, the head being all time before it; T
 * is bisected for each of a few x, and the cuts of the smallest {@link StepBound} win. O(stages log units log T).
 */
final class OrderFilling {

    private static final int CAPS = 8;
    private static final int REFINEMENTS = 4;
    private static final long CACHED = 500_000;
    private static final double PRECISION = 1e-3;

    private final CostModel costs;
    private final long bottleneckBound;
    private final double widest;

    OrderFilling(CostModel costs, long bottleneckBound) {
        this.costs = costs;
        this.bottleneckBound = Math.max(1, bottleneckBound);
        this.widest = Math.max(2, (double) StepBound.fastestPass(costs) / this.bottleneckBound);
    }

    /** Stages with the smallest bound of the step. */
    record Filled(List<StagePlan> stages, long stepBound) {}

    /** What one call of {@link #fill} costs, in steps of a binary search; four times as much beyond the caches. */
    long work(int stages) {
        int searches = 32 - Integer.numberOfLeadingZeros(costs.units());
        int slow = (long) costs.workers() * costs.units() > CACHED ? 4 : 1;
        return 10L * slow * (CAPS + 2 * REFINEMENTS) * searches * stages;
    }

    /** Cuts for the workers in this order, of whom some may stay without units; empty if none were found. */
    Optional<Filled> fill(List<Integer> order) {
        Trial best = new Trial(Double.MAX_VALUE, fill(order, Long.MAX_VALUE));
        double ratio = Math.pow(widest, 1.0 / CAPS);
        for (int i = 0; i < CAPS; i++) {
            best = better(best, order, bottleneckBound * Math.pow(ratio, i));
        }
        for (int i = 0; i < REFINEMENTS; i++) {
            ratio = Math.sqrt(ratio);
            double cap = best.cap;
            best = better(best, order, cap * ratio);
            best = better(best, order, cap / ratio);
        }
        return best.filled;
    }

    /** A cap and what came of it. */
    private record Trial(double cap, Optional<Filled> filled) {

        long stepBound() {
            return filled.map(Filled::stepBound).orElse(Long.MAX_VALUE);
        }
    }

    private Trial better(Trial best, List<Integer> order, double cap) {
        if (cap >= Long.MAX_VALUE || cap < bottleneckBound) {
            return best;
        }
        Trial trial = new Trial(cap, fill(order, (long) cap));
        return trial.stepBound() < best.stepBound() ? trial : best;
    }

    private Optional<Filled> fill(List<Integer> order, long cap) {
        Optional<List<StagePlan>> best = within(order, cap, Long.MAX_VALUE / 4);
        if (best.isEmpty()) {
            return Optional.empty();
        }
        long low = bottleneckBound * costs.microBatches();
        long high = Math.max(low, bound(best.get()));
        while (high - low > Math.max(1, PRECISION * high)) {
            long middle = low + (high - low) / 2;
            Optional<List<StagePlan>> better = within(order, cap, middle);
            if (better.isPresent()) {
                best = better;
                high = middle;
            } else {
                low = middle;
            }
        }
        return best.map(stages -> new Filled(stages, bound(stages)));
    }

    private long bound(List<StagePlan> stages) {
        StageTimes times = StepTimes.of(costs, stages);
        return StepBound.ofPlan(times, costs.microBatches());
    }

    private Optional<List<StagePlan>> within(List<Integer> order, long cap, long stepNanos) {
        List<StagePlan> stages = new ArrayList<>();
        long head = 0;
        int first = 0;
        for (int i = 0; i < order.size() && first < costs.units(); i++) {
            int worker = order.get(i);
            long arrival = head;
            if (!stages.isEmpty()) {
                arrival += 2 * costs.link(stages.get(stages.size() - 1).worker(), worker, first);
            }
            long room = Math.min(cap, (stepNanos - arrival) / costs.microBatches());
            int end = end(worker, order.size() - i, first, room);
            if (end > first) {
                stages.add(new StagePlan(worker, first, end));
                head = arrival + costs.compute(worker, first, end);
                first = end;
            }
        }
        return first == costs.units() ? Optional.of(stages) : Optional.empty();
    }

    private int end(int worker, int fromEnd, int first, long room) {
        int inFlight = costs.leastInFlight(fromEnd);
        int low = first;
        int high = costs.units();
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (costs.compute(worker, first, middle) <= room && costs.fits(worker, first, middle, inFlight)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }
}
