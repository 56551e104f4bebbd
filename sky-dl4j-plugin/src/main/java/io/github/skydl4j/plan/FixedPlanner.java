package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.StageTimes;
import java.util.List;

/**
 * Gives the stages it was made with, such as those that a search has found. Thread-safe.
 *
 * <p>The prediction and the bounds are those of the request at hand; a plan that breaks a rule is refused like any other.
 */
public final class FixedPlanner implements Planner {

    private final List<StagePlan> stages;
    private final List<Integer> inFlightLimits;
    private final boolean recompute;

    /**
     * Keeps the stages.
     *
     * @param inFlightLimits micro-batches in flight, one number a stage; empty for the schedule's own, as memory allows
     * @param recompute whether the stages compute activations again, which the prediction and the memory then count
     */
    public FixedPlanner(List<StagePlan> stages, List<Integer> inFlightLimits, boolean recompute) {
        this.stages = List.copyOf(stages);
        this.inFlightLimits = List.copyOf(inFlightLimits);
        this.recompute = recompute;
        if (!inFlightLimits.isEmpty() && inFlightLimits.size() != stages.size()) {
            throw new IllegalArgumentException(
                    stages.size() + " stages with " + inFlightLimits.size() + " in-flight limits");
        }
    }

    @Override
    public String name() {
        return "fixed";
    }

    @Override
    public Allocation plan(PlanRequest request) {
        CostModel costs = new CostModel(costs(request));
        if (inFlightLimits.isEmpty()) {
            return Appraisal.of(costs, name(), stages, 0, 0, List.of());
        }
        PlanValidator.requireValid(costs, stages);
        List<Integer> limits = inFlightLimits.stream()
                .map(limit -> Math.min(limit, request.microBatches()))
                .toList();
        Allocation allocation = allocation(costs, limits);
        List<String> violations = PlanValidator.validate(costs.request(), allocation);
        if (!violations.isEmpty()) {
            throw new InfeasiblePlanException(violations.get(0));
        }
        return allocation;
    }

    /** What the stages cost: the request itself, or with activations computed again. */
    public PlanRequest costs(PlanRequest request) {
        return recompute ? RecomputedUnits.of(request, stages) : request;
    }

    private Allocation allocation(CostModel costs, List<Integer> limits) {
        StageTimes times = StepTimes.of(costs, stages);
        long bottleneckBound = StepBound.bottleneck(costs);
        Prediction prediction = new Prediction(
                times.bottleneck(),
                bottleneckBound,
                Simulator.stepNanos(costs, times, limits),
                StepFloor.of(costs, bottleneckBound));
        return new Allocation(
                name(),
                stages,
                costs.microBatches(),
                limits,
                prediction,
                IdleWorkers.notes(costs, stages, times.bottleneck()));
    }
}
