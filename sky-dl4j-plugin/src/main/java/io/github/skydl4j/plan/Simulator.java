package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.ScheduleValidator;
import io.github.skydl4j.schedule.StageTimes;
import io.github.skydl4j.schedule.Timeline;
import java.util.List;

/**
 * Runs one step on paper: stages compute, links carry one transfer at a time in each direction and overlap with
 * compute, the schedule's order and in-flight limits are kept. O(stages x micro-batches).
 */
public final class Simulator {

    private Simulator() {}

    /** A step of the allocation under the requested schedule. */
    public static Simulation simulate(PlanRequest request, Allocation allocation) {
        return simulate(StepTimes.schedule(request, allocation), StepTimes.of(request, allocation));
    }

    /**
     * A step of any schedule on stages with these times.
     *
     * @throws IllegalArgumentException if the schedule is not valid
     */
    public static Simulation simulate(Schedule schedule, StageTimes times) {
        ScheduleValidator.requireValid(schedule, List.of());
        return new Simulation(Timeline.of(schedule, times));
    }

    static long stepNanos(CostModel costs, StageTimes times, List<Integer> limits) {
        Schedule schedule = costs.request().schedule().build(times, costs.microBatches(), limits);
        return Timeline.of(schedule, times).stepNanos();
    }

    /** The step in an order that is sooner known: as long or a little longer. */
    static long draftNanos(CostModel costs, StageTimes times, List<Integer> limits) {
        Schedule schedule = costs.request().schedule().draft(times, costs.microBatches(), limits);
        return Timeline.of(schedule, times).stepNanos();
    }
}
