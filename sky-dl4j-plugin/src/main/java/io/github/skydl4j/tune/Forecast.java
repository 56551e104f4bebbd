package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.FixedPlanner;
import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.Timeline;
import java.util.List;

/**
 * The simulator's word on candidates. The order of work is the one that a training will follow, made from what is
 * believed of the workers; its times are those of the workers as measured so far. Immutable.
 *
 * @param believed from which a training makes its order
 * @param measured what work and transfers take
 */
record Forecast(PlanRequest believed, PlanRequest measured) {

    /**
     * The step of a candidate.
     *
     * @throws InfeasiblePlanException if a stage does not fit its worker
     */
    long stepNanos(TrialPlan plan) {
        List<StagePlan> stages = plan.stages();
        FixedPlanner planner = plan.planner();
        Allocation allocation = planner.plan(plan.requestFrom(believed));
        Schedule order = StepTimes.schedule(plan.requestFrom(believed), allocation);
        return Timeline.of(order, StepTimes.of(planner.costs(plan.requestFrom(measured)), stages))
                .stepNanos();
    }
}
