package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.List;

/**
 * Cuts for workers in a given order, if the step, the longest stage and the pass of a plan are wished for: from the first on,
 * each takes as many units as {@link StageCaps} and its memory allow. Memory caps a stage also through the micro-batches that
 * it leaves room for ({@link InFlightSlack}), where no stage has more in flight than one before it. Of a filling that is
 * done it keeps the cuts until the next one. Confined to one thread.
 */
final class CappedFilling {

    private final CostModel costs;
    private final double[] workBefore;
    private final int[] ends;
    private int stages;
    private double head;
    private int filled;

    CappedFilling(CostModel costs) {
        this.costs = costs;
        this.workBefore = new double[costs.units() + 1];
        this.ends = new int[costs.workers()];
        for (int unit = 0; unit < costs.units(); unit++) {
            workBefore[unit + 1] = workBefore[unit] + StepBound.reference(costs, unit);
        }
    }

    /** What is wished for, in nanoseconds: the slack is what a step takes beyond the pass, which is the least that is meant. */
    record Wish(StageCaps caps, double pass, double slack) {}

    /** Fills with the first {@code count} workers of the order, some of which may get no units; whether that was all work. */
    boolean fill(int[] order, int count, Wish wish) {
        int most = costs.microBatches();
        head = 0;
        filled = 0;
        for (stages = 0; stages < count && filled < costs.units(); stages++) {
            int worker = order[stages];
            double arrival = head + link(order, worker);
            double room = wish.caps.at(arrival);
            int end = end(worker, count - stages, room, arrival, most, wish);
            ends[stages] = end;
            if (end > filled) {
                head = arrival + costs.compute(worker, filled, end);
                most = (int) Math.min(most, costs.mostInFlight(new StagePlan(worker, filled, end), 0));
                filled = end;
            }
        }
        return filled == costs.units();
    }

    /** The share of the work that the last filling left undone. */
    double left() {
        return 1 - workBefore[filled] / workBefore[costs.units()];
    }

    /** The pass of the stages of the last filling. */
    double pass() {
        return head;
    }

    /** The stages of the last filling, of that order. */
    List<StagePlan> stages(int[] order) {
        List<StagePlan> plan = new ArrayList<>();
        int first = 0;
        for (int i = 0; i < stages; i++) {
            if (ends[i] > first) {
                plan.add(new StagePlan(order[i], first, ends[i]));
                first = ends[i];
            }
        }
        return plan;
    }

    private double link(int[] order, int worker) {
        for (int i = stages - 1; i >= 0; i--) {
            if (ends[i] > (i == 0 ? 0 : ends[i - 1])) {
                return 2.0 * costs.link(order[i], worker, filled);
            }
        }
        return 0;
    }

    private int end(int worker, int place, double room, double arrival, int most, Wish wish) {
        int low = filled;
        int high = costs.units();
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (costs.compute(worker, filled, middle) <= room
                    && costs.fits(worker, filled, middle, costs.leastInFlight(place))
                    && hasSlack(worker, middle, arrival, most, wish)) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private boolean hasSlack(int worker, int end, double arrival, int most, Wish wish) {
        if (costs.request().schedule() == ScheduleKind.GPIPE
                || (most >= costs.microBatches() && !costs.hasMemoryLimit(worker))) {
            return true;
        }
        long inFlight = Math.min(most, costs.mostInFlight(new StagePlan(worker, filled, end), 0));
        double forward = costs.forward(worker, filled, end);
        double backward = costs.backward(worker, filled, end);
        double behind = Math.max(0, wish.pass - arrival - forward - backward);
        return InFlightSlack.least(costs.microBatches(), inFlight, forward, backward, behind) <= wish.slack;
    }
}
