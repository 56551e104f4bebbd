package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Gives the stages it was made with, such as those that a search has found. Thread-safe.
 *
 * <p>The prediction and the bounds are those of the request at hand; a plan that breaks a rule is refused like any other.
 */
public final class FixedPlanner implements Planner {

    private final List<StagePlan> stages;
    private final List<Integer> inFlightLimits;
    private final boolean recompute;
    private final List<String> workers;
    private final Planner otherwise;

    /**
     * Keeps the stages; the workers are those of the request, by number.
     *
     * @param inFlightLimits micro-batches in flight, one number a stage; empty for the schedule's own, as memory allows
     * @param recompute whether the stages compute activations again, which the prediction and the memory then count
     */
    public FixedPlanner(List<StagePlan> stages, List<Integer> inFlightLimits, boolean recompute) {
        this(stages, inFlightLimits, recompute, List.of(), new ExactPlanner());
    }

    private FixedPlanner(
            List<StagePlan> stages,
            List<Integer> inFlightLimits,
            boolean recompute,
            List<String> workers,
            Planner otherwise) {
        this.stages = List.copyOf(stages);
        this.inFlightLimits = List.copyOf(inFlightLimits);
        this.recompute = recompute;
        this.workers = List.copyOf(workers);
        this.otherwise = otherwise;
        if (!inFlightLimits.isEmpty() && inFlightLimits.size() != stages.size()) {
            throw new IllegalArgumentException(
                    stages.size() + " stages with " + inFlightLimits.size() + " in-flight limits");
        }
    }

    @Override
    public String name() {
        return "fixed";
    }

    /**
     * The same for clusters whose workers come in any order, and go.
     *
     * @param names of the workers as the stages number them
     * @param substitute plans where one of the stages' workers is not there
     */
    public FixedPlanner forWorkers(List<String> names, Planner substitute) {
        return new FixedPlanner(stages, inFlightLimits, recompute, names, substitute);
    }

    @Override
    public Allocation plan(PlanRequest request) {
        if (workers.isEmpty()) {
            return plan(request, stages);
        }
        List<String> there =
                request.cluster().workers().stream().map(WorkerProfile::name).toList();
        Optional<String> missing = stages.stream()
                .map(stage -> workers.get(stage.worker()))
                .filter(name -> !there.contains(name))
                .findFirst();
        return missing.isPresent() ? plannedAnew(request, missing.get()) : plan(request, renumbered(there));
    }

    private List<StagePlan> renumbered(List<String> there) {
        return stages.stream()
                .map(stage ->
                        new StagePlan(there.indexOf(workers.get(stage.worker())), stage.firstUnit(), stage.endUnit()))
                .toList();
    }

    private Allocation plannedAnew(PlanRequest request, String missing) {
        Allocation planned = otherwise.plan(request);
        List<String> notes = new ArrayList<>(planned.notes());
        notes.add("the given stages need worker " + missing + ", which is not there: planned anew");
        return new Allocation(
                planned.planner(),
                planned.stages(),
                planned.microBatches(),
                planned.inFlightLimits(),
                planned.prediction(),
                notes);
    }

    private Allocation plan(PlanRequest request, List<StagePlan> here) {
        CostModel costs = new CostModel(costs(request));
        if (inFlightLimits.isEmpty()) {
            return Appraisal.of(costs, name(), here, 0, 0, List.of());
        }
        PlanValidator.requireValid(costs, here);
        List<Integer> limits = inFlightLimits.stream()
                .map(limit -> Math.min(limit, request.microBatches()))
                .toList();
        Allocation allocation = allocation(costs, here, limits);
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

    private Allocation allocation(CostModel costs, List<StagePlan> here, List<Integer> limits) {
        StageTimes times = StepTimes.of(costs, here);
        long bottleneckBound = StepBound.bottleneck(costs);
        Prediction prediction = new Prediction(
                times.bottleneck(),
                bottleneckBound,
                Simulator.stepNanos(costs, times, limits),
                StepFloor.of(costs, bottleneckBound));
        return new Allocation(
                name(),
                here,
                costs.microBatches(),
                limits,
                prediction,
                IdleWorkers.notes(costs, here, times.bottleneck()));
    }
}
