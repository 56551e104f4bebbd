package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.plan.PlanOptions.Objective;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/**
 * The exact planner on many seeds of 20 distinct workers x 200 units; {@code -Dsky.plan.seeds=N} runs it with so many
 * of each kind and writes the tables of docs/planning.md to target/plan-bottlenecks.md, plan-steps.md and plan-links-*.md.
 */
@EnabledIfSystemProperty(named = "sky.plan.seeds", matches = "[1-9][0-9]*")
class LargeScaleTest {

    private static final int SEEDS = Integer.getInteger("sky.plan.seeds", 1);

    @Test
    void bottleneckIsProvedOptimalWhateverTheMemory() throws IOException {
        Map<String, List<Double>> seconds = new TreeMap<>();
        for (double memory : new double[] {0, 2, 1.5, 1.3, 1.2, 1.1}) {
            for (LargeRequests.Shape shape : LargeRequests.Shape.values()) {
                for (int seed = 1; seed <= SEEDS; seed++) {
                    long start = System.nanoTime();
                    Optional<Allocation> plan = plan(LargeRequests.of(shape, seed, memory, 8), Objective.BOTTLENECK);
                    note(seconds, memory == 0 ? "ample" : memory + " x need", (System.nanoTime() - start) / 1e9);
                    plan.ifPresent(found ->
                            assertThat(found.prediction().bottleneckGap()).isZero());
                }
            }
        }
        write("plan-bottlenecks.md", seconds, "%.2f");
    }

    @Test
    void stepIsProvedToWithinAGap() throws IOException {
        write("plan-steps.md", gaps(new double[] {0, 2, 1.3}, new int[] {8, 16, 32, 64}, request -> request), "%.2f");
    }

    @Test
    void stepIsProvedToWithinAGapWithLinks() throws IOException {
        double[] memories = {0, 2};
        int[] microBatches = {16, 64};
        write(
                "plan-links-4.md",
                gaps(memories, microBatches, request -> LargeRequests.linked(request, 4 << 20)),
                "%.2f");
        write(
                "plan-links-16.md",
                gaps(memories, microBatches, request -> LargeRequests.linked(request, 16 << 20)),
                "%.2f");
    }

    private static Map<String, List<Double>> gaps(
            double[] memories, int[] microBatches, UnaryOperator<PlanRequest> changed) {
        Map<String, List<Double>> gaps = new TreeMap<>();
        for (double memory : memories) {
            for (int m : microBatches) {
                for (LargeRequests.Shape shape : LargeRequests.Shape.values()) {
                    for (int seed = 1; seed <= SEEDS; seed++) {
                        String kind = String.format("%s, m %2d", memory == 0 ? "ample" : memory + " x need", m);
                        long start = System.nanoTime();
                        plan(changed.apply(LargeRequests.of(shape, seed, memory, m)), Objective.STEP)
                                .ifPresent(found -> {
                                    note(gaps, kind, 100 * found.gap());
                                    note(gaps, kind + ", " + shape, 100 * found.gap());
                                    note(gaps, shape + " units", 100 * found.gap());
                                    note(gaps, "seconds of all", (System.nanoTime() - start) / 1e9);
                                });
                    }
                }
            }
        }
        return gaps;
    }

    private static Optional<Allocation> plan(PlanRequest request, Objective objective) {
        try {
            Allocation plan = new ExactPlanner()
                    .plan(request.withOptions(request.options().withObjective(objective)));
            assertThat(PlanValidator.validate(request, plan)).isEmpty();
            return Optional.of(plan);
        } catch (InfeasiblePlanException e) {
            return Optional.empty();
        }
    }

    private static void note(Map<String, List<Double>> notes, String kind, double value) {
        notes.computeIfAbsent(kind, unseen -> new ArrayList<>()).add(value);
    }

    private static void write(String file, Map<String, List<Double>> notes, String number) throws IOException {
        List<String> rows = new ArrayList<>(List.of("| | instances | median | worst |", "|---|---|---|---|"));
        notes.forEach((kind, values) -> {
            Collections.sort(values);
            rows.add(String.format(
                    Locale.ROOT,
                    "| %s | %d | " + number + " | " + number + " |",
                    kind,
                    values.size(),
                    values.get(values.size() / 2),
                    values.get(values.size() - 1)));
        });
        Files.writeString(Path.of("target", file), String.join("\n", rows) + "\n");
    }
}
