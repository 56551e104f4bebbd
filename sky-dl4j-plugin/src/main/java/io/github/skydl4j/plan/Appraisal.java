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
     * @param stepBoundNanos the same for the step
     * @throws InfeasiblePlanException if the stages break a rule, such as a worker's memory
     */
    static Allocation of(
            CostModel costs,
            String planner,
            List<StagePlan> stages,
            long bottleneckBoundNanos,
            long stepBoundNanos,
            List<String> notes) {
        PlanValidator.requireValid(costs, stages);
        StageTimes times = StepTimes.of(costs, stages);
        WarmUp warmUp = WarmUp.of(costs, stages, times);
        long bottleneckBound = Math.max(bottleneckBoundNanos, StepBound.bottleneck(costs));
        Prediction prediction = new Prediction(
                times.bottleneck(),
                bottleneckBound,
                Simulator.stepNanos(costs, times, warmUp.limits()),
                Math.max(stepBoundNanos, StepFloor.of(costs, bottleneckBound) + StepBound.leastUpdate(costs)));
        List<String> all = new ArrayList<>(notes);
        all.addAll(IdleWorkers.notes(costs, stages, times.bottleneck()));
        return new Allocation(planner, stages, costs.microBatches(), warmUp.limits(), prediction, all);
    }

    /** The step that an allocation of these stages, which fit, promises; {@link #step} is sooner known. */
    static long promisedStep(CostModel costs, List<StagePlan> stages) {
        StageTimes times = StepTimes.of(costs, stages);
        return Simulator.stepNanos(costs, times, WarmUp.of(costs, stages, times).limits());
    }

    /** The step of stages that fit, in the order of a draft. */
    static long step(CostModel costs, List<StagePlan> stages) {
        return WarmUp.of(costs, stages, StepTimes.of(costs, stages)).stepNanos();
    }
}
