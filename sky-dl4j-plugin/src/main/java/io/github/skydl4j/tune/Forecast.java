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
 * The simulator's word on candidates. The order of work is made from one thing, its times from another: a training keeps an
 * order that was made from wrong speeds, too. Immutable.
 *
 * @param order from which the order of work is made
 * @param measured what work and transfers take
 */
record Forecast(PlanRequest order, PlanRequest measured) {

    /**
     * The step of a candidate.
     *
     * @throws InfeasiblePlanException if a stage does not fit its worker
     */
    long stepNanos(TrialPlan plan) {
        List<StagePlan> stages = plan.stages();
        FixedPlanner planner = plan.planner();
        Allocation allocation = planner.plan(plan.requestFrom(order));
        Schedule schedule = StepTimes.schedule(plan.requestFrom(order), allocation);
        return Timeline.of(schedule, StepTimes.of(planner.costs(plan.requestFrom(measured)), stages))
                .stepNanos();
    }
}
