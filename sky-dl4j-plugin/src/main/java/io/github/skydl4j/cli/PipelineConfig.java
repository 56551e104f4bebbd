package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.FixedPlanner;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who works and in which order; the keys {@code planner}, {@code allocation}, {@code schedule}, {@code workers}, {@code
 * emulation}, {@code profiling} and {@code stallLimit} at the top.
 *
 * @param planner the one named, or one that gives the allocation of the file
 * @param cluster what planning takes the workers for
 * @param dilation by what the time of all emulated workers and links is stretched
 * @param profiling how long the units are measured
 * @param stallLimit longest wait without progress
 */
record PipelineConfig(
        Planner planner,
        ScheduleKind schedule,
        List<Worker> workers,
        Cluster cluster,
        double dilation,
        Duration profiling,
        Duration stallLimit) {

    PipelineConfig {
        workers = List.copyOf(workers);
    }

    static PipelineConfig read(Section root, int cores) {
        List<Section> workers = root.sections("workers");
        List<Worker> listed = WorkerConfig.read(workers, cores);
        double dilation = root.section("emulation").number("dilation", 1, Limits.atLeast(1));
        return new PipelineConfig(
                planner(root, listed),
                root.choice("schedule", List.of(ScheduleKind.values()), ScheduleKind::label, ScheduleKind.ROUND_TRIP),
                listed,
                WorkerConfig.cluster(workers, listed, dilation),
                dilation,
                duration(root, "profiling", Duration.ofMillis(1500)),
                duration(root, "stallLimit", Duration.ofMinutes(5)));
    }

    private static Planner planner(Section root, List<Worker> workers) {
        List<Planner> planners = Planners.all();
        Planner named = root.choice("planner", planners, Planner::name, planners.get(planners.size() - 1));
        boolean recompute = root.section("training").flag("recompute", false);
        Optional<FixedPlanner> fixed = AllocationConfig.read(root, workers, recompute);
        if (fixed.isPresent() && root.has("planner")) {
            throw root.error("planner", "found " + named.name() + " beside an allocation, expected one of the two");
        }
        return fixed.isPresent() ? fixed.get() : named;
    }

    private static Duration duration(Section root, String key, Duration absent) {
        double nanos = root.quantity(key, Quantity.TIME, (double) absent.toNanos());
        if (!(nanos > 0)) {
            throw root.error(key, "found 0, expected more");
        }
        return Duration.ofNanos((long) nanos);
    }
}
