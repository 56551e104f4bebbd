package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.List;

/** From bare stages to an allocation with its promise. */
final class Appraisal {

    private Appraisal() {}

    /**
     * The allocation of these stages.
     *
     * @param bottleneckBoundNanos what the planner has proved; a weaker one than is known in general is replaced
     * @throws InfeasiblePlanException if the stages break a rule, such as a worker's memory
     */
    static Allocation of(
            CostModel costs, String planner, List<StagePlan> stages, long bottleneckBoundNanos, List<String> notes) {
        PlanValidator.requireValid(costs, stages);
        StageTimes times = StepTimes.of(costs, stages);
        List<Integer> limits = StepTimes.inFlightLimits(costs, stages, times);
        Prediction prediction = new Prediction(
                times.bottleneck(),
                Math.max(bottleneckBoundNanos, StepBound.bottleneck(costs)),
                Simulator.stepNanos(costs, times, limits),
                StepBound.anyPlan(costs));
        List<String> all = new ArrayList<>(notes);
        all.addAll(idleWorkers(costs, stages));
        return new Allocation(planner, stages, costs.microBatches(), limits, prediction, all);
    }

    private static List<String> idleWorkers(CostModel costs, List<StagePlan> stages) {
        List<String> notes = new ArrayList<>();
        for (int worker = 0; worker < costs.workers(); worker++) {
            int number = worker;
            if (stages.stream().noneMatch(stage -> stage.worker() == number)) {
                notes.add("worker " + costs.request().cluster().worker(worker).name() + " is left out");
            }
        }
        return notes;
    }
}
