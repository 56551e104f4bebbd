package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What the planners predict, and how long they take; nothing is trained. */
final class PlannerExperiment implements Experiment {
    private static final List<Integer> WORKERS = List.of(8, 16, 32, 64);
    private static final int MICRO_BATCHES = 64;
    private static final long SEED = 22;

    @Override
    public Brief brief() {
        return new Brief(
                "planner",
                "predicted steps of all planners for 8 to 64 workers, their bounds and the time to plan",
                Duration.ofSeconds(90),
                Duration.ofMinutes(3),
                1);
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
            Map<Planner, Timed> plans = new LinkedHashMap<>();
            for (Planner planner : Planners.all()) {
                plans.put(planner, Timed.plan(planner, request, repeats));
                console.line("%d workers, %s: planned in %.0f ms"
                        .formatted(count, planner.name(), plans.get(planner).median()));
            }
            rows.addAll(rows("%d workers, %d blocks, ".formatted(count, blocks), plans));
        }
        return new Findings(
                rows,
                List.of(
                        MICRO_BATCHES
                                + " micro-batches of one sentence; steps are predicted. The bound is what the exact"
                                + " planner certifies. Plan ms: wall time to plan, the first plan included.",
                        "Units of a block take 1.0 (attention), 1.3 (intermediate) and 1.1 ms (output), a third of it"
                                + " forward."),
                Plot.ofSteps("Steps of all planners", "predicted", rows));
    }

    /** An allocation and how long it took to find, each time. */
    private record Timed(Allocation allocation, List<Double> millis) {
        static Timed plan(Planner planner, PlanRequest request, int repeats) {
            List<Double> millis = new ArrayList<>();
            Allocation allocation = null;
            while (allocation == null || millis.size() < repeats) {
                long start = System.nanoTime();
                allocation = planner.plan(request);
                millis.add((System.nanoTime() - start) / 1e6);
            }
            return new Timed(allocation, millis);
        }

        double median() {
            return Measurement.median(values());
        }

        double spread() {
            return Measurement.spread(values());
        }

        double stepMillis() {
            return allocation.stepNanos() / 1e6;
        }

        private double[] values() {
            return millis.stream().mapToDouble(value -> value).toArray();
        }
    }

    /** The tightest bound that any planner certifies holds for all of them. */
    private static List<Row> rows(String prefix, Map<Planner, Timed> plans) {
        double bound = plans.values().stream()
                .mapToDouble(timed -> timed.allocation().boundNanos() / 1e6)
                .max()
                .orElseThrow();
        double even = plans.entrySet().stream()
                .filter(plan -> plan.getKey() instanceof EvenPlanner)
                .mapToDouble(plan -> plan.getValue().stepMillis())
                .findFirst()
                .orElseThrow();
        List<Row> rows = new ArrayList<>();
        plans.forEach((planner, timed) -> {
            double step = timed.stepMillis();
            rows.add(new Row(prefix + planner.name(), MICRO_BATCHES / step * 1e3, step, bound)
                    .withReduction(1 - step / even)
                    .with("stages", timed.allocation().stages().size())
                    .with("bottleneckMillis", timed.allocation().prediction().bottleneckNanos() / 1e6)
                    .with("planMillis", timed.median())
                    .with("spreadOfPlanning", timed.spread()));
        });
        return rows;
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
