package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The least bottleneck, or the shortest step, over contiguous stages and any subset of the workers, within memory and
 * with links; on demand also the number of micro-batches. The bottleneck is a proved optimum wherever {@link LeastBottleneck}
 * is exact.
 *
 * <p>Where there are more than about a dozen workers, the step takes a few minutes of searching and proving, on all
 * processors. {@link #quick}
 * leaves most of that out.
 */
public final class ExactPlanner implements Planner {

    /** A step this close to the floor is not searched for further. */
    private static final double CLOSE = 1.03;

    private static final double VERY_CLOSE = 1.015;
    private static final int OTHER_STARTS = 10;
    private static final int BOUND_RUNS = 8;
    private static final double MEMORY_COUNTS = 1.01;

    private final boolean isQuick;

    public ExactPlanner() {
        this(false);
    }

    private ExactPlanner(boolean isQuick) {
        this.isQuick = isQuick;
    }

    /**
     * A planner by the name of "quick": the same plans where all can be searched, as with few workers; elsewhere one that is found
     * within seconds, and a bound that is lower.
     */
    public static ExactPlanner quick() {
        return new ExactPlanner(true);
    }

    @Override
    public String name() {
        return isQuick ? "quick" : "exact";
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
        if (isQuick) {
            return Appraisal.of(costs, name(), ordered, least.bound(), 0, List.of("found by a short search"));
        }
        List<StagePlan> filled =
                costs.hasMemoryLimits() ? ordered : FrontBeam.from(costs, ordered, floor, least.bound());
        List<StagePlan> annealed = StepAnnealing.from(costs, filled, floor);
        StepProof.Result result = StepProof.from(costs, annealed, least.bound());
        long proved = result.bound();
        // Subsets with their own ranges of the longest stage know less of what memory costs.
        boolean memoryCounts = proved >= MEMORY_COUNTS * (floor + StepBound.leastUpdate(costs));
        boolean bySubsets = memoryCounts && SubsetProof.affords(costs);
        List<StagePlan> best = polished(costs, result.stages(), annealed, floor, proved);
        if (Appraisal.promisedStep(costs, best) > CLOSE * proved && JointAnnealing.affords(costs, best)) {
            List<List<StagePlan>> earlier = annealed.equals(result.stages()) ? List.of() : List.of(annealed);
            best = elsewhere(costs, best, earlier, bySubsets ? result.ranges() : List.of(), least.bound());
        }
        long step = Appraisal.promisedStep(costs, best);
        if (bySubsets) {
            SubsetProof.Result raised = SubsetProof.from(costs, result.ranges(), step, least.bound());
            proved = raised.bound();
            best = shorter(costs, best, JointAnnealing.best(costs, raised.reached()));
        } else if (!memoryCounts && SubsetFloor.affords(costs)) {
            proved = SubsetFloor.raised(costs, proved, step, least.bound());
        }
        return Appraisal.of(costs, name(), best, least.bound(), proved, List.of());
    }

    /**
     * The shortest of the best plan so far and of those that searches find which begin elsewhere.
     *
     * @param earlier plans that no search has begun at yet
     * @param ranges of all shorter plans, where they are searched as well; else none
     */
    private static List<StagePlan> elsewhere(
            CostModel costs,
            List<StagePlan> best,
            List<List<StagePlan>> earlier,
            List<StepProof.Proved> ranges,
            long bottleneckBound) {
        if (ranges.isEmpty()) {
            return shorter(costs, best, JointAnnealing.best(costs, earlier));
        }
        List<List<StagePlan>> starts = new ArrayList<>(earlier);
        long step = Appraisal.promisedStep(costs, best);
        starts.addAll(SubsetPlans.best(costs, ranges, step, bottleneckBound, OTHER_STARTS));
        List<StagePlan> found = shorter(costs, best, JointAnnealing.best(costs, starts));
        return shorter(costs, found, JointAnnealing.best(costs, BoundAnnealing.from(costs, found, BOUND_RUNS)));
    }

    private static List<StagePlan> shorter(CostModel costs, List<StagePlan> one, Optional<List<StagePlan>> other) {
        return other.filter(stages -> Appraisal.promisedStep(costs, stages) < Appraisal.promisedStep(costs, one))
                .orElse(one);
    }

    /** What a last search makes of the stages that the proof has found on its way, where they are not those before it. */
    private static List<StagePlan> polished(
            CostModel costs, List<StagePlan> found, List<StagePlan> before, long floor, long proved) {
        List<StagePlan> best = found.equals(before) ? before : StepAnnealing.from(costs, found, floor);
        return JointAnnealing.affords(costs, best) && Appraisal.promisedStep(costs, best) > VERY_CLOSE * proved
                ? JointAnnealing.from(costs, best)
                : best;
    }
}
