package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.List;

/**
 * Who works and in which order; the keys {@code planner}, {@code schedule}, {@code workers}, {@code emulation}, {@code
 * profiling} and {@code stallLimit} at the top.
 *
 * @param dilation by what the time of all emulated workers and links is stretched
 * @param profiling how long the units are measured
 * @param stallLimit longest wait without progress
 */
record PipelineConfig(
        Planner planner,
        ScheduleKind schedule,
        List<Worker> workers,
        double dilation,
        Duration profiling,
        Duration stallLimit) {

    PipelineConfig {
        workers = List.copyOf(workers);
    }

    static PipelineConfig read(Section root, int cores) {
        List<Planner> planners = Planners.all();
        return new PipelineConfig(
                root.choice("planner", planners, Planner::name, planners.get(planners.size() - 1)),
                root.choice("schedule", List.of(ScheduleKind.values()), ScheduleKind::label, ScheduleKind.ROUND_TRIP),
                WorkerConfig.read(root.sections("workers"), cores),
                root.section("emulation").number("dilation", 1, Limits.atLeast(1)),
                Durations.read(root, "profiling", Duration.ofMillis(1500)),
                Durations.read(root, "stallLimit", Duration.ofMinutes(5)));
    }
}
