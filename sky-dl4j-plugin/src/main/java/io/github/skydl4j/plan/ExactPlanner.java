package io.github.skydl4j.plan;

import java.util.List;

/**
 * The least bottleneck, or the shortest step, over contiguous stages and any subset of the workers, within memory and
 * with links; on demand also the number of micro-batches. The bottleneck is a proved optimum wherever {@link LeastBottleneck} is exact.
 */
public final class ExactPlanner implements Planner {

    /** A step this close to the floor is not searched for further. */
    private static final double CLOSE = 1.03;

    private static final double VERY_CLOSE = 1.015;
    private static final double MEMORY_COUNTS = 1.01;

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public Allocation plan(PlanRequest request) {
        return request.options().microBatchChoices().isEmpty()
                ? planAsCut(request)
                : MicroBatchChoice.of(request, this::planAsCut);
    }

    private Allocation planAsCut(PlanRequest request) {
        CostModel costs = new CostModel(request);
        if (costs.owner().isPresent()) {
            return OwnerPlans.best(costs, name());
        }
        LeastBottleneck least = LeastBottleneck.of(costs);
        if (request.options().objective() == PlanOptions.Objective.BOTTLENECK) {
            List<String> notes = least.isProved(costs) ? List.of("the bottleneck is optimal") : List.of();
            return Appraisal.of(costs, name(), least.stages(), least.bound(), 0, notes);
        }
        return shortestStep(costs, least);
    }

    private Allocation shortestStep(CostModel costs, LeastBottleneck least) {
        List<StagePlan> found = StepSearch.from(costs, least.stages(), least.bound());
        if (!PlanEnumeration.affords(costs)) {
            return manyPlans(costs, least, found);
        }
        PlanEnumeration.Result result = PlanEnumeration.from(costs, PlanOptions.Objective.STEP, found);
        long step = Appraisal.step(costs, result.stages());
        if (result.proved()) {
            List<String> notes = List.of("the step is optimal: all plans were searched");
            return Appraisal.of(costs, name(), result.stages(), least.bound(), step, notes);
        }
        return step <= CLOSE * StepFloor.of(costs, least.bound())
                ? Appraisal.of(costs, name(), result.stages(), least.bound(), 0, List.of())
                : manyPlans(costs, least, result.stages());
    }

    private Allocation manyPlans(CostModel costs, LeastBottleneck least, List<StagePlan> found) {
        if (!StepProof.affords(costs) || !costs.request().options().freeOrder()) {
            return Appraisal.of(costs, name(), found, least.bound(), 0, List.of());
        }
        long floor = StepFloor.of(costs, least.bound());
        List<StagePlan> ordered = OrderAnnealing.from(costs, found, floor, least.bound());
        List<StagePlan> filled =
                costs.hasMemoryLimits() ? ordered : FrontBeam.from(costs, ordered, floor, least.bound());
        List<StagePlan> annealed = StepAnnealing.from(costs, filled, floor);
        StepProof.Result result = StepProof.from(costs, annealed, least.bound());
        long proved = result.bound();
        List<StagePlan> best = polished(costs, result.stages(), annealed, floor, proved);
        long step = Appraisal.promisedStep(costs, best);
        // Subsets with their own ranges of the longest stage know less of what memory costs.
        boolean memoryCounts = proved >= MEMORY_COUNTS * (floor + StepBound.leastUpdate(costs));
        if (memoryCounts && SubsetProof.affords(costs)) {
            proved = SubsetProof.raised(costs, result.ranges(), step, least.bound());
        } else if (!memoryCounts && SubsetFloor.affords(costs)) {
            proved = SubsetFloor.raised(costs, proved, step, least.bound());
        }
        return Appraisal.of(costs, name(), best, least.bound(), proved, List.of());
    }

    /** What a last search makes of the stages that the proof has found on its way, and of those before it. */
    private static List<StagePlan> polished(
            CostModel costs, List<StagePlan> found, List<StagePlan> before, long floor, long proved) {
        List<StagePlan> best = found.equals(before) ? before : StepAnnealing.from(costs, found, floor);
        if (!JointAnnealing.affords(costs, best) || Appraisal.promisedStep(costs, best) <= VERY_CLOSE * proved) {
            return best;
        }
        List<StagePlan> joint = JointAnnealing.from(costs, best);
        long step = Appraisal.promisedStep(costs, joint);
        if (best.equals(before) || step <= CLOSE * proved) {
            return joint;
        }
        List<StagePlan> other = JointAnnealing.from(costs, before);
        return Appraisal.promisedStep(costs, other) < step ? other : joint;
    }
}
