package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Branch and bound over all plans for the shortest simulated step, or for the least bottleneck where an owner has both
 * ends: exact where it comes to its end within its budget of nodes, counted so that the same request ends the same way
 * on any machine.
 *
 * <p>Stages are laid from the front. A partial plan is given up if it cannot lead below the best step: by the bound of
 * {@link StepBound} for the stages it has; by one micro-batch passing the rest on the fastest workers; or by the rest
 * of the work on the workers left, whose i-th stage can be busy for at most (T - head)(1 - 1/m)^(i-1) / m a
 * micro-batch. Of equal workers only the first unused is tried. An owner of both ends begins, may end behind at least
 * one other, and counts as unused until then. Confined to one thread.
 */
final class PlanEnumeration {

    private static final long MOST_NODES = 2_000_000;
    private static final long MOST_SIMULATED_ACTIONS = 100_000_000;
    private static final double ROUNDING = 1 - 1e-9;

    private final CostModel costs;
    private final StepCost cost;
    private final boolean step;
    private final boolean gpipe;
    private final boolean freeOrder;
    private final double[] factors;
    private final double[] workFrom;
    private final long[] passFrom;
    private final boolean[] used;
    private final Map<Integer, Double> speedOf = new HashMap<>();
    private final List<StagePlan> stages = new ArrayList<>();
    private List<StagePlan> best;
    private long bestNanos;
    private long nodes;

    /** The front of a plan: its time for one micro-batch, its own bound, its slowest forward or link, and backward. */
    private record Front(long head, long bound, long forward, long backward) {}

    private PlanEnumeration(CostModel costs, PlanOptions.Objective objective, List<StagePlan> start) {
        this.costs = costs;
        this.cost = new StepCost(costs);
        this.step = objective == PlanOptions.Objective.STEP;
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
        this.bestNanos = start.isEmpty() ? StepCost.IMPOSSIBLE : nanos(StepCost.IMPOSSIBLE, start);
    }

    /** The stages found, none if there are none, and whether no plan is better. */
    record Result(List<StagePlan> stages, boolean proved) {}

    static boolean affords(CostModel costs) {
        return costs.workers() <= 12;
    }

    /** The best of all plans, or the best so far when the budget is spent, starting from one that fits, or none. */
    static Result from(CostModel costs, PlanOptions.Objective objective, List<StagePlan> start) {
        PlanEnumeration search = new PlanEnumeration(costs, objective, start);
        Front nothing = new Front(0, 0, 0, 0);
        if (costs.owner().isPresent()) {
            search.place(costs.owner().getAsInt(), 0, nothing);
        } else {
            search.extend(0, nothing);
        }
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
        if (used[worker] || isOwner(worker)) {
            return false;
        }
        if (!freeOrder) {
            int previous = stages.isEmpty() ? -1 : stages.get(stages.size() - 1).worker();
            return isOwner(previous) || previous < worker;
        }
        for (int earlier = 0; earlier < worker && costs.hasEqualLinks(); earlier++) {
            if (!used[earlier] && !isOwner(earlier) && costs.representative(earlier) == costs.representative(worker)) {
                return false;
            }
        }
        return true;
    }

    private boolean isOwner(int worker) {
        return costs.owner().isPresent() && costs.owner().getAsInt() == worker;
    }

    private void place(int worker, int first, Front front) {
        for (int end = first + 1; end <= costs.units() && hasBudget(); end++) {
            Front longer = longer(front, worker, first, end);
            if (longer.bound >= bestNanos || !costs.fits(worker, first, end, costs.leastInFlight(1))) {
                return;
            }
            nodes++;
            if (bound(longer, end) < bestNanos) {
                stages.add(new StagePlan(worker, first, end));
                finishOrExtend(end, longer);
                stages.remove(stages.size() - 1);
            }
        }
    }

    private Front longer(Front front, int worker, int first, int end) {
        long link =
                stages.isEmpty() ? 0 : costs.link(stages.get(stages.size() - 1).worker(), worker, first);
        long arrival = front.head + 2 * link;
        long compute = costs.compute(worker, first, end);
        return new Front(
                arrival + compute,
                Math.max(front.bound, step ? arrival + costs.microBatches() * compute : Math.max(link, compute)),
                Math.max(front.forward, Math.max(link, costs.forward(worker, first, end))),
                Math.max(front.backward, costs.backward(worker, first, end)));
    }

    private void finishOrExtend(int end, Front front) {
        if (end == costs.units()) {
            if (Ends.belongToOwner(costs, stages)) {
                offer();
            }
            return;
        }
        extend(end, front);
        if (costs.owner().isPresent() && stages.size() > 1) {
            stages.add(new StagePlan(costs.owner().getAsInt(), end, costs.units()));
            offer();
            stages.remove(stages.size() - 1);
        }
    }

    private void offer() {
        long nanos = nanos(bestNanos, stages);
        if (nanos < bestNanos) {
            bestNanos = nanos;
            best = List.copyOf(stages);
        }
    }

    private long nanos(long below, List<StagePlan> candidate) {
        if (step) {
            return cost.below(below, candidate);
        }
        return Ends.fit(costs, candidate) ? BottleneckSearch.bottleneck(costs, candidate) : StepCost.IMPOSSIBLE;
    }

    private long bound(Front front, int end) {
        if (!step) {
            return Math.max(front.bound, rest(end));
        }
        long slowest = gpipe ? front.forward + front.backward : Math.max(front.forward, front.backward);
        long pass = front.head + passFrom[end] + (costs.microBatches() - 1) * slowest;
        return Math.max(front.bound, Math.max(pass, front.head + rest(end)));
    }

    private long rest(int end) {
        if (end == costs.units()) {
            return 0;
        }
        int rounds = step ? costs.microBatches() : 1;
        double speed = speedOf.computeIfAbsent(mask(), unseen -> speedOfUnused());
        return speed == 0 ? StepCost.IMPOSSIBLE / 2 : (long) (rounds * workFrom[end] / speed * ROUNDING);
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
            if (!used[worker] || isOwner(worker)) {
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
            weight *= step ? 1 - 1.0 / costs.microBatches() : 1;
        }
        return speed;
    }
}
