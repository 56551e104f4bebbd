package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Local search for a short step. First over the order and choice of workers, with {@link OrderFilling} for the cuts
 * and the plan's bound as the measure; then over single cuts and workers, with the simulated step. Deterministic: its
 * budgets count work, not time. Confined to one thread.
 */
final class StepSearch {

    private static final long ORDER_WORK = 240_000_000L;
    private static final long ORDER_WORK_BEFORE_ENUMERATION = 3_000_000L;
    private static final long SIMULATED_ACTIONS = 3_000_000L;
    /** Where plans are so large that few can be simulated anyway. */
    private static final long FEWER_ACTIONS = 1_000_000L;

    private static final int[] SHIFTS = {1, -1, 2, -2, 4, -4};

    private final CostModel costs;
    private final OrderFilling filling;
    private final StepCost cost;
    private final long floor;
    private final long mostActions;
    private long orderWork;
    private List<StagePlan> best = List.of();
    private long bestStep = StepCost.IMPOSSIBLE;

    private StepSearch(CostModel costs, long bottleneckBound, long mostActions) {
        this.mostActions = mostActions;
        this.costs = costs;
        this.filling = new OrderFilling(costs, bottleneckBound);
        this.cost = new StepCost(costs);
        this.floor = StepFloor.of(costs, bottleneckBound);
    }

    /** The best stages found, starting from some that fit. */
    static List<StagePlan> from(CostModel costs, List<StagePlan> start, long bottleneckBound) {
        long actions = StepProof.affords(costs) ? SIMULATED_ACTIONS : FEWER_ACTIONS;
        StepSearch search = new StepSearch(costs, bottleneckBound, actions);
        search.offer(start);
        search.singleWorkers();
        if (costs.request().options().freeOrder()) {
            search.orders(start);
        } else {
            search.offerFilled(IntStream.range(0, costs.workers()).boxed().toList());
        }
        search.polish();
        return search.best;
    }

    /** The stages after single cuts and exchanges that shorten the step; so many actions are simulated for it. */
    static List<StagePlan> polished(CostModel costs, List<StagePlan> start, long bottleneckBound, long actions) {
        StepSearch search = new StepSearch(costs, bottleneckBound, actions);
        search.offer(start);
        search.polish();
        return search.best;
    }

    private boolean offer(List<StagePlan> stages) {
        long step = cost.below(bestStep, stages);
        if (step < bestStep) {
            best = stages;
            bestStep = step;
            return true;
        }
        return false;
    }

    private void offerFilled(List<Integer> order) {
        fill(order).ifPresent(filled -> offer(filled.stages()));
    }

    private void singleWorkers() {
        for (int worker = 0; worker < costs.workers(); worker++) {
            if (costs.representative(worker) == worker) {
                offer(List.of(new StagePlan(worker, 0, costs.units())));
            }
        }
    }

    private void orders(List<StagePlan> start) {
        Comparator<Integer> slowness = Comparator.comparingLong(worker -> costs.compute(worker, 0, costs.units()));
        List<Integer> all = IntStream.range(0, costs.workers()).boxed().toList();
        improveOrder(new ArrayList<>(start.stream().map(StagePlan::worker).toList()));
        improveOrder(new ArrayList<>(all.stream().sorted(slowness).toList()));
        improveOrder(new ArrayList<>(all.stream().sorted(slowness.reversed()).toList()));
    }

    private Optional<OrderFilling.Filled> fill(List<Integer> order) {
        orderWork += filling.work(order.size());
        return filling.fill(order);
    }

    private long orderBudget() {
        return PlanEnumeration.affords(costs) ? ORDER_WORK_BEFORE_ENUMERATION : ORDER_WORK;
    }

    /** Moves, exchanges, drops and adds workers while the bound of the filled plan falls. */
    private void improveOrder(List<Integer> start) {
        List<Integer> order = start;
        Optional<OrderFilling.Filled> filled = fill(order);
        long until = orderWork + orderBudget() / 3;
        boolean improved = true;
        while (improved && orderWork < until && bound(filled) > floor) {
            improved = false;
            for (List<Integer> neighbour : new OrderNeighbours(order, costs.workers())) {
                Optional<OrderFilling.Filled> next = fill(neighbour);
                if (bound(next) < bound(filled)) {
                    filled = next;
                    order = neighbour;
                    improved = true;
                }
                if (improved || orderWork >= until) {
                    break;
                }
            }
        }
        filled.ifPresent(plan -> offer(plan.stages()));
    }

    private static long bound(Optional<OrderFilling.Filled> filled) {
        return filled.map(OrderFilling.Filled::stepBound).orElse(Long.MAX_VALUE);
    }

    /** Shifts cuts and exchanges workers while the simulated step falls. */
    private void polish() {
        boolean improved = true;
        while (improved && bestStep > floor && cost.simulatedActions() < mostActions) {
            improved = shiftCuts();
            if (costs.request().options().freeOrder()) {
                improved |= exchangeWorkers();
            }
        }
    }

    private boolean shiftCuts() {
        boolean improved = false;
        for (int stage = 0; stage + 1 < best.size(); stage++) {
            for (int shift : SHIFTS) {
                while (stage + 1 < best.size()
                        && canShift(best, stage, shift)
                        && cost.simulatedActions() < mostActions
                        && offer(shifted(best, stage, shift))) {
                    improved = true;
                }
            }
        }
        return improved;
    }

    static boolean canShift(List<StagePlan> plan, int stage, int shift) {
        return plan.get(stage).units() + shift > 0 && plan.get(stage + 1).units() - shift > 0;
    }

    /** The plan with the cut behind the stage so many units farther to the end. */
    static List<StagePlan> shifted(List<StagePlan> plan, int stage, int shift) {
        List<StagePlan> stages = new ArrayList<>(plan);
        StagePlan left = plan.get(stage);
        StagePlan right = plan.get(stage + 1);
        int cut = left.endUnit() + shift;
        stages.set(stage, new StagePlan(left.worker(), left.firstUnit(), cut));
        stages.set(stage + 1, new StagePlan(right.worker(), cut, right.endUnit()));
        return stages;
    }

    private boolean exchangeWorkers() {
        boolean improved = false;
        for (int a = 0; a < best.size(); a++) {
            for (int b = a + 1; b < best.size(); b++) {
                if (cost.simulatedActions() < mostActions) {
                    improved |= offer(exchanged(a, b));
                }
            }
        }
        return improved;
    }

    private List<StagePlan> exchanged(int a, int b) {
        List<Integer> workers =
                new ArrayList<>(best.stream().map(StagePlan::worker).toList());
        Collections.swap(workers, a, b);
        List<StagePlan> stages = new ArrayList<>();
        for (int i = 0; i < workers.size(); i++) {
            StagePlan stage = best.get(i);
            stages.add(new StagePlan(workers.get(i), stage.firstUnit(), stage.endUnit()));
        }
        return stages;
    }
}
