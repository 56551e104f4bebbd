package io.github.skydl4j.plan;

import io.github.skydl4j.plan.PlanOptions.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Plans in which one worker, the owner of inputs and labels, has the first and the last stage. Up to 12 workers all
 * plans are searched; beyond, the owner's share is tried in steps, what lies between is planned as a model of its own
 * for the other workers, and cuts are shifted; the gap is then to a bound that knows speeds only.
 */
final class OwnerPlans {

    private static final int MOST_SHIFTS = 2000;
    private static final double[] SHARES = {0, 0.25, 0.5, 0.75, 1, 1.25};
    private static final double[] AT_FRONT = {0, 0.5, 1};

    private final CostModel costs;
    private final int owner;

    private OwnerPlans(CostModel costs) {
        this.costs = costs;
        this.owner = costs.owner().orElseThrow();
    }

    /**
     * The best plan found.
     *
     * @throws InfeasiblePlanException if there is none, or for many workers if none is found
     */
    static Allocation best(CostModel costs, String planner) {
        Found narrow = new OwnerPlans(costs).search(Objective.BOTTLENECK, List.of());
        if (narrow.stages.isEmpty()) {
            throw Infeasibility.of(costs);
        }
        long bottleneckBound = narrow.proved ? BottleneckSearch.bottleneck(costs, narrow.stages) : 0;
        if (costs.request().options().objective() == Objective.BOTTLENECK) {
            return Appraisal.of(
                    costs, planner, narrow.stages, bottleneckBound, 0, notes(narrow, "the bottleneck is optimal"));
        }
        Found fast = new OwnerPlans(costs).search(Objective.STEP, narrow.stages);
        long stepBound = fast.proved ? Appraisal.step(costs, fast.stages) : 0;
        return Appraisal.of(
                costs, planner, fast.stages, bottleneckBound, stepBound, notes(fast, "the step is optimal"));
    }

    private static List<String> notes(Found found, String proof) {
        return found.proved ? List.of(proof + " with both ends on their owner: all plans were searched") : List.of();
    }

    /** Stages, none if there are none, and whether no others are better. */
    private record Found(List<StagePlan> stages, boolean proved) {}

    private Found search(Objective objective, List<StagePlan> known) {
        List<StagePlan> start = candidates(objective, known);
        if (!PlanEnumeration.affords(costs)) {
            return new Found(start, false);
        }
        PlanEnumeration.Result result = PlanEnumeration.from(costs, objective, start);
        return new Found(result.stages(), result.proved());
    }

    /** The best of the plans that are easily made; empty if none fits. */
    private List<StagePlan> candidates(Objective objective, List<StagePlan> known) {
        List<StagePlan> best = List.of();
        long least = StepCost.IMPOSSIBLE;
        List<List<StagePlan>> plans = new ArrayList<>();
        if (!known.isEmpty()) {
            plans.add(known);
        }
        plans.add(List.of(new StagePlan(owner, 0, costs.units())));
        long fair = StepBound.bottleneck(costs);
        for (double share : SHARES) {
            for (double front : AT_FRONT) {
                around(ends(fair * share, front)).ifPresent(plans::add);
            }
        }
        for (List<StagePlan> plan : plans) {
            if (Ends.fit(costs, plan)) {
                long nanos = nanos(objective, plan);
                if (nanos < least) {
                    least = nanos;
                    best = plan;
                }
            }
        }
        return shifted(objective, best, least);
    }

    /** Shifts cuts as long as that helps. */
    private List<StagePlan> shifted(Objective objective, List<StagePlan> plan, long nanos) {
        List<StagePlan> best = plan;
        long least = nanos;
        for (int stage = 0, round = 0; stage + 1 < best.size() && round < MOST_SHIFTS; stage++) {
            for (int shift : new int[] {1, -1}) {
                round++;
                if (StepSearch.canShift(best, stage, shift)) {
                    List<StagePlan> shifted = StepSearch.shifted(best, stage, shift);
                    long next = Ends.fit(costs, shifted) ? nanos(objective, shifted) : StepCost.IMPOSSIBLE;
                    if (next < least) {
                        best = shifted;
                        least = next;
                        stage = -1;
                        break;
                    }
                }
            }
        }
        return best;
    }

    private long nanos(Objective objective, List<StagePlan> plan) {
        return objective == Objective.STEP ? Appraisal.step(costs, plan) : BottleneckSearch.bottleneck(costs, plan);
    }

    /** What lies between the owner's stages, {@code [first, end)}. */
    private record Middle(int first, int end) {}

    /** At least a unit at either end, and as many more as fit the time, a share of them at the front. */
    private Middle ends(double nanos, double front) {
        int first = 1;
        while (first < costs.units() - 2 && costs.compute(owner, 0, first + 1) <= nanos * front) {
            first++;
        }
        int end = costs.units() - 1;
        while (end > first + 1
                && costs.compute(owner, 0, first) + costs.compute(owner, end - 1, costs.units()) <= nanos) {
            end--;
        }
        return new Middle(first, end);
    }

    /** The owner's stages around a plan of the others for what lies between. */
    private Optional<List<StagePlan>> around(Middle middle) {
        if (costs.workers() < 2 || middle.first >= middle.end) {
            return Optional.empty();
        }
        List<Integer> others = IntStream.range(0, costs.workers())
                .filter(w -> w != owner)
                .boxed()
                .toList();
        PlanRequest request = costs.request();
        PlanRequest inner = new PlanRequest(
                request.units().subList(middle.first, middle.end),
                request.cluster().only(others),
                request.microBatches(),
                request.schedule(),
                PlanOptions.defaults()
                        .withObjective(request.options().objective())
                        .withFreeOrder(request.options().freeOrder())
                        .withHeadRoom(request.options().headRoom())
                        .withScratchBytes(request.options().scratchBytes()));
        try {
            List<StagePlan> stages = new ArrayList<>();
            stages.add(new StagePlan(owner, 0, middle.first));
            for (StagePlan stage : LeastBottleneck.of(new CostModel(inner)).stages()) {
                stages.add(new StagePlan(
                        others.get(stage.worker()), middle.first + stage.firstUnit(), middle.first + stage.endUnit()));
            }
            stages.add(new StagePlan(owner, middle.end, costs.units()));
            return Optional.of(stages);
        } catch (InfeasiblePlanException e) {
            return Optional.empty();
        }
    }
}
