package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Branch and bound over all plans for the shortest simulated step: exact where it comes to its end within its budget of
 * nodes, counted so that the same request ends the same way on any machine.
 *
 * <p>Stages are laid from the front. A partial plan is given up if it cannot lead below the best step: by the bound of
 * {@link StepBound} for the stages it has; by one micro-batch passing the rest on the fastest workers; or by the rest
 * of the work on the workers left, whose i-th stage can be busy for at most (T - head)(1 - 1/m)^(i-1) / m a
 * micro-batch. Of equal workers only the first unused is tried. Confined to one thread.
 */
final class StepEnumeration {

    private static final long MOST_NODES = 2_000_000;
    private static final long MOST_SIMULATED_ACTIONS = 100_000_000;
    private static final double ROUNDING = 1 - 1e-9;

    private final CostModel costs;
    private final StepCost cost;
    private final boolean gpipe;
    private final boolean freeOrder;
    private final double[] factors;
    private final double[] workFrom;
    private final long[] passFrom;
    private final boolean[] used;
    private final Map<Integer, Double> speedOf = new HashMap<>();
    private final List<StagePlan> stages = new ArrayList<>();
    private List<StagePlan> best;
    private long bestStep;
    private long nodes;

    /** The front of a plan: its time for one micro-batch, its own bound, its slowest forward or link, and backward. */
    private record Front(long head, long bound, long forward, long backward) {}

    private StepEnumeration(CostModel costs, List<StagePlan> start) {
        this.costs = costs;
        this.cost = new StepCost(costs);
        this.gpipe = costs.request().schedule() == ScheduleKind.GPIPE;
        this.freeOrder = costs.request().options().freeOrder();
        this.factors = StepBound.fastestFactors(costs);
        this.used = new boolean[costs.workers()];
        this.workFrom = new double[costs.units() + 1];
        this.passFrom = new long[costs.units() + 1];
        for (int unit = costs.units() - 1; unit >= 0; unit--) {
            workFrom[unit] = workFrom[unit + 1] + StepBound.reference(costs, unit);
            passFrom[unit] = passFrom[unit + 1] + StepBound.fastest(costs, unit);
        }
        this.best = start;
        this.bestStep = cost.below(StepCost.IMPOSSIBLE, start);
    }

    /** The stages found, and whether no plan has a shorter step. */
    record Result(List<StagePlan> stages, boolean proved) {}

    static boolean affords(CostModel costs) {
        return costs.workers() <= 12;
    }

    /** The best of all plans, or the best so far when the budget is spent, starting from one that fits. */
    static Result from(CostModel costs, List<StagePlan> start) {
        StepEnumeration search = new StepEnumeration(costs, start);
        search.extend(0, new Front(0, 0, 0, 0));
        return new Result(search.best, search.hasBudget());
    }

    private boolean hasBudget() {
        return nodes < MOST_NODES && cost.simulatedActions() < MOST_SIMULATED_ACTIONS;
    }

    private void extend(int first, Front front) {
        for (int worker = 0; worker < used.length && hasBudget(); worker++) {
            if (mayBeNext(worker)) {
                used[worker] = true;
                place(worker, first, front);
                used[worker] = false;
            }
        }
    }

    private boolean mayBeNext(int worker) {
        if (used[worker]) {
            return false;
        }
        if (!freeOrder) {
            return stages.isEmpty() || stages.get(stages.size() - 1).worker() < worker;
        }
        for (int earlier = 0; earlier < worker && costs.hasEqualLinks(); earlier++) {
            if (!used[earlier] && costs.representative(earlier) == costs.representative(worker)) {
                return false;
            }
        }
        return true;
    }

    private void place(int worker, int first, Front front) {
        long link =
                stages.isEmpty() ? 0 : costs.link(stages.get(stages.size() - 1).worker(), worker, first);
        long arrival = front.head + 2 * link;
        for (int end = first + 1; end <= costs.units() && hasBudget(); end++) {
            long own = arrival + costs.microBatches() * costs.compute(worker, first, end);
            if (own >= bestStep || !costs.fits(worker, first, end, costs.leastInFlight(1))) {
                return;
            }
            nodes++;
            Front longer = new Front(
                    arrival + costs.compute(worker, first, end),
                    Math.max(front.bound, own),
                    Math.max(front.forward, Math.max(link, costs.forward(worker, first, end))),
                    Math.max(front.backward, costs.backward(worker, first, end)));
            if (bound(longer, end) < bestStep) {
                stages.add(new StagePlan(worker, first, end));
                finishOrExtend(end, longer);
                stages.remove(stages.size() - 1);
            }
        }
    }

    private void finishOrExtend(int end, Front front) {
        if (end < costs.units()) {
            extend(end, front);
            return;
        }
        long step = cost.below(bestStep, stages);
        if (step < bestStep) {
            bestStep = step;
            best = List.copyOf(stages);
        }
    }

    private long bound(Front front, int end) {
        long slowest = gpipe ? front.forward + front.backward : Math.max(front.forward, front.backward);
        long pass = front.head + passFrom[end] + (costs.microBatches() - 1) * slowest;
        return Math.max(front.bound, Math.max(pass, front.head + rest(end)));
    }

    private long rest(int end) {
        if (end == costs.units()) {
            return 0;
        }
        double speed = speedOf.computeIfAbsent(mask(), unseen -> speedOfUnused());
        return speed == 0 ? StepCost.IMPOSSIBLE / 2 : (long) (costs.microBatches() * workFrom[end] / speed * ROUNDING);
    }

    private int mask() {
        int mask = 0;
        for (int worker = 0; worker < used.length; worker++) {
            mask |= used[worker] ? 1 << worker : 0;
        }
        return mask;
    }

    private double speedOfUnused() {
        double[] unused = new double[used.length];
        int count = 0;
        for (int worker = 0; worker < used.length; worker++) {
            if (!used[worker]) {
                unused[count++] = factors[worker];
            }
        }
        return fillingSpeed(Arrays.copyOf(unused, count));
    }

    private double fillingSpeed(double[] slowness) {
        Arrays.sort(slowness);
        double weight = 1;
        double speed = 0;
        for (double factor : slowness) {
            speed += weight / factor;
            weight *= 1 - 1.0 / costs.microBatches();
        }
        return speed;
    }
}
