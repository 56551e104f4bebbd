package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What the planners predict, and how long they take; nothing is trained. */
final class PlannerExperiment implements Experiment {
    private static final List<Integer> WORKERS = List.of(8, 16, 32, 64);
    private static final int MICRO_BATCHES = 64;
    private static final long SEED = 22;

    @Override
    public String name() {
        return "planner";
    }

    @Override
    public String purpose() {
        return "predicted steps of all planners for 8 to 64 workers, their bounds and the time to plan";
    }

    @Override
    public Duration expected() {
        return Duration.ofSeconds(30);
    }

    @Override
    public Duration limit() {
        return Duration.ofMinutes(3);
    }

    @Override
    public int repeats() {
        return 3;
    }

    @Override
    public Findings run(Console console, int repeats) {
        List<Row> rows = new ArrayList<>();
        for (int count : WORKERS) {
            int blocks = count * 5 / 2;
            PlanRequest request = new PlanRequest(
                    units(blocks),
                    Worker.cluster(Workers.seeded(count, SEED), 1),
                    MICRO_BATCHES,
                    ScheduleKind.ROUND_TRIP);
            double bound = new ExactPlanner().plan(request).boundNanos() / 1e6;
            double even = new EvenPlanner().plan(request).stepNanos() / 1e6;
            for (Planner planner : Planners.all()) {
                String name = "%d workers, %d blocks, %s".formatted(count, blocks, planner.name());
                rows.add(row(name, planner, request, bound, even, repeats));
                console.line(name);
            }
        }
        return new Findings(
                rows,
                List.of(
                        MICRO_BATCHES
                                + " micro-batches of one sentence; steps are predicted. The bound is what the exact"
                                + " planner certifies. Plan ms: wall time to plan, the median after a first run.",
                        "Units of a block take 1.0 (attention), 1.3 (intermediate) and 1.1 ms (output), a third of it"
                                + " forward."),
                Plot.ofSteps("Predicted steps", rows));
    }

    private static Row row(String name, Planner planner, PlanRequest request, double bound, double even, int repeats) {
        double[] millis = new double[repeats];
        Allocation allocation = planner.plan(request);
        for (int repeat = 0; repeat < repeats; repeat++) {
            long start = System.nanoTime();
            planner.plan(request);
            millis[repeat] = (System.nanoTime() - start) / 1e6;
        }
        double step = allocation.stepNanos() / 1e6;
        return new Row(name, MICRO_BATCHES / step * 1e3, step, bound)
                .withReduction(1 - step / even)
                .with("stages", allocation.stages().size())
                .with("bottleneckMillis", allocation.prediction().bottleneckNanos() / 1e6)
                .with("planMillis", Measurement.median(millis))
                .with("spreadOfPlanning", Measurement.spread(millis));
    }

    private static List<UnitProfile> units(int blocks) {
        List<UnitProfile> units = new ArrayList<>();
        units.add(unit("embeddings", 300));
        for (int block = 0; block < blocks; block++) {
            units.add(unit("attention-" + block, 1000));
            units.add(unit("intermediate-" + block, 1300));
            units.add(unit("output-" + block, 1100));
        }
        units.add(unit("pooler", 100));
        units.add(unit("classifier", 100));
        return units;
    }

    private static UnitProfile unit(String name, long micros) {
        long nanos = micros * 1000;
        return new UnitProfile(name, nanos / 3, nanos - nanos / 3, 1 << 20, 1 << 20, 1 << 16, 1 << 14);
    }
}
