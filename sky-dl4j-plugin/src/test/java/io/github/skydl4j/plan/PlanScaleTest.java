package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.plan.PlanOptions.Objective;
import io.github.skydl4j.schedule.ScheduleKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The exact planner on large seeded problems; {@code -Dsky.plan.scale=true} runs it and writes the table of
 * docs/planning.md to target/plan-scale.md.
 */
@EnabledIfSystemProperty(named = "sky.plan.scale", matches = "true")
class PlanScaleTest {

    private final List<String> rows = new ArrayList<>();

    @Test
    void gapsOfLargeProblems() throws IOException {
        row("warm-up", problem(3, 20, 3, 20, 0, 8), Objective.STEP);
        row("20 distinct x 200, memory ample", problem(1, 200, 20, 20, 0, 64), Objective.BOTTLENECK);
        row("20 distinct x 200, memory 2.0 x need", problem(1, 200, 20, 20, 2.0, 8), Objective.BOTTLENECK);
        row("20 distinct x 200, memory 1.5 x need", problem(1, 200, 20, 20, 1.5, 8), Objective.BOTTLENECK);
        row("20 distinct x 200, memory 1.3 x need", problem(1, 200, 20, 20, 1.3, 8), Objective.BOTTLENECK);
        row("64 of 5 classes x 483", problem(1, 483, 64, 5, 0, 64), Objective.BOTTLENECK);
        Allocation thousand = row("1000 distinct x 2000", problem(1, 2000, 1000, 1000, 0, 64), Objective.BOTTLENECK);
        assertThat(thousand.prediction().bottleneckGap()).isLessThan(0.05);
        for (String name : AllocInstance.NAMES) {
            row(name, AllocInstance.read(name).request(), Objective.BOTTLENECK);
        }
        for (int microBatches : new int[] {1, 4, 16, 64, 256}) {
            row(
                    "20 distinct x 200, memory ample, m " + microBatches,
                    problem(1, 200, 20, 20, 0, microBatches),
                    Objective.STEP);
        }
        for (int microBatches : new int[] {16, 256}) {
            row(
                    "20 distinct x 200, memory 2.0 x need, m " + microBatches,
                    problem(1, 200, 20, 20, 2.0, microBatches),
                    Objective.STEP);
        }
        for (int microBatches : new int[] {1, 8, 32, 64}) {
            row(
                    "1000 distinct x 2000, m " + microBatches,
                    problem(1, 2000, 1000, 1000, 0, microBatches),
                    Objective.STEP);
        }
        Files.writeString(Path.of("target", "plan-scale.md"), String.join("\n", rows) + "\n");
    }

    private Allocation row(String name, PlanRequest request, Objective objective) {
        long start = System.nanoTime();
        Allocation plan =
                new ExactPlanner().plan(request.withOptions(request.options().withObjective(objective)));
        long nanos = System.nanoTime() - start;
        assertThat(PlanValidator.validate(request, plan)).isEmpty();
        boolean step = objective == Objective.STEP;
        rows.add(String.format(
                Locale.ROOT,
                "| %s | %s | %d | %.3f | %.3f | %.2f %% | %.2f |",
                name,
                step ? "step" : "bottleneck",
                plan.stages().size(),
                (step ? plan.stepNanos() : plan.bottleneckNanos()) / 1e6,
                (step ? plan.boundNanos() : plan.prediction().bottleneckBoundNanos()) / 1e6,
                100 * (step ? plan.gap() : plan.prediction().bottleneckGap()),
                nanos / 1e9));
        return plan;
    }

    /** Units of 0.9 to 5.1 ms and 150 to 1350 MiB; workers 1 to 7 times slower than the reference. */
    private static PlanRequest problem(
            long seed, int units, int workers, int classes, double memoryOverNeed, int microBatches) {
        Random random = new Random(seed);
        List<UnitProfile> profiles =
                IntStream.range(0, units).mapToObj(i -> unit(random, i)).toList();
        long need = profiles.stream()
                .mapToLong(unit -> unit.residentBytes() + unit.activationBytes())
                .sum();
        double[] slowness = random.doubles(classes, 1, 7).toArray();
        double[] share = random.doubles(workers, 1, 3).map(x -> 1 / x).toArray();
        double shares = IntStream.range(0, workers).mapToDouble(i -> share[i]).sum();
        List<WorkerProfile> cluster = IntStream.range(0, workers)
                .mapToObj(i -> new WorkerProfile(
                        "w" + i,
                        slowness[i % classes],
                        memoryOverNeed == 0 ? Long.MAX_VALUE : (long) (need * memoryOverNeed * share[i] / shares)))
                .toList();
        return new PlanRequest(profiles, Cluster.instant(cluster), microBatches, ScheduleKind.ROUND_TRIP);
    }

    private static UnitProfile unit(Random random, int number) {
        long forward = 300_000 + random.nextInt(1_400_000);
        long bytes = (50L + random.nextInt(400)) << 20;
        return new UnitProfile("unit" + number, forward, 2 * forward, bytes, 2 * bytes, 10L << 20, 1 << 16);
    }
}
