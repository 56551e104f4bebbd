package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.FixedPlanner;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.profile.ProfileStore;
import io.github.skydl4j.schedule.ScheduleKind;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * Who works and in which order; the keys {@code planner}, {@code allocation}, {@code owner}, {@code schedule}, {@code wire}, {@code workers}, {@code emulation}, {@code
 * profiling}, {@code profile.cache} and {@code stallLimit} at the top.
 *
 * @param planner the one named, or one that gives the allocation of the file
 * @param owner the worker that has the first and the last stage
 * @param wire of all links at least; the workers' own have it too
 * @param cluster what planning takes the workers for
 * @param dilation by what the time of all emulated workers and links is stretched
 * @param profiling how long the units are measured
 * @param profiles where measured profiles are kept
 * @param stallLimit longest wait without progress
 */
record PipelineConfig(
        Planner planner,
        Optional<String> owner,
        ScheduleKind schedule,
        WireType wire,
        List<Worker> workers,
        Cluster cluster,
        double dilation,
        Duration profiling,
        ProfileStore profiles,
        Duration stallLimit) {

    PipelineConfig {
        workers = List.copyOf(workers);
    }

    static PipelineConfig read(Section root, int cores) {
        List<Section> sections = root.sections("workers");
        WireType wire = WorkerConfig.wire(root);
        List<Worker> workers = WorkerConfig.read(sections, cores, wire);
        double dilation = root.section("emulation").number("dilation", 1, Limits.atLeast(1));
        return new PipelineConfig(
                planner(root, workers),
                owner(root, workers),
                root.choice("schedule", List.of(ScheduleKind.values()), ScheduleKind::label, ScheduleKind.ROUND_TRIP),
                wire,
                workers,
                WorkerConfig.cluster(sections, workers, dilation),
                dilation,
                Durations.read(root, "profiling", Duration.ofMillis(1500)),
                profiles(root.section("profile")),
                Durations.read(root, "stallLimit", Duration.ofMinutes(5)));
    }

    private static Planner planner(Section root, List<Worker> workers) {
        Planner named = root.choice("planner", Planners.named(), Planner::name, new ExactPlanner());
        boolean recompute = root.section("training").flag("recompute", false);
        Optional<FixedPlanner> fixed = AllocationConfig.read(root, workers, recompute);
        if (fixed.isPresent() && root.has("planner")) {
            throw root.error("planner", "found " + named.name() + " beside an allocation, expected one of the two");
        }
        return fixed.isPresent() ? fixed.get() : named;
    }

    private static Optional<String> owner(Section root, List<Worker> workers) {
        Optional<String> owner = root.text("owner");
        List<String> names = workers.stream().map(Worker::name).toList();
        if (owner.isPresent() && !names.contains(owner.get())) {
            throw root.error("owner", "found " + owner.get() + ", expected one of " + String.join(", ", names));
        }
        return owner;
    }

    private static ProfileStore profiles(Section section) {
        Optional<Path> folder = section.outputPath("cache");
        boolean reuse = section.flag("reuse", true);
        return reuse ? ProfileStore.in(folder.orElseGet(PipelineConfig::cacheFolder)) : ProfileStore.none();
    }

    private static Path cacheFolder() {
        String cache = System.getenv("XDG_CACHE_HOME");
        Path base =
                cache == null || cache.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(cache);
        return base.resolve("sky-dl4j").resolve("profiles");
    }
}
