package io.github.skydl4j.cli;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.StageMemory;
import io.github.skydl4j.plan.StagePlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A plan as JSON; its keys are the fields. Immutable.
 *
 * @param gap by what share the step is above the bound: 0.03 is 3 %
 * @param planners all of them side by side
 */
record PlanReport(
        List<Stage> stages,
        long bottleneckNanos,
        long stepNanos,
        long boundNanos,
        double gap,
        String planner,
        String schedule,
        int microBatches,
        List<String> notes,
        List<Entry> planners) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    /**
     * The units {@code [firstUnit, endUnit)} on a worker, and what they hold there.
     *
     * @param wire how numbers travel to the next stage and back
     */
    record Stage(String worker, int firstUnit, int endUnit, long memoryBytes, String wire) {}

    /** One planner's result, or why it has none. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Entry(
            String name,
            @Nullable Long stepNanos,
            @Nullable Long bottleneckNanos,
            @Nullable Double gap,
            @Nullable String problem) {}

    static PlanReport of(PlanComparison comparison) {
        Allocation chosen = comparison.chosen();
        return new PlanReport(
                stages(comparison),
                chosen.bottleneckNanos(),
                chosen.stepNanos(),
                comparison.boundNanos(),
                comparison.gap(chosen),
                chosen.planner(),
                comparison.request().schedule().label(),
                chosen.microBatches(),
                chosen.notes(),
                comparison.contenders().stream()
                        .map(contender -> entry(comparison, contender))
                        .toList());
    }

    void write(Path file) throws IOException {
        Files.writeString(file, JSON.writeValueAsString(this) + "\n");
    }

    private static List<Stage> stages(PlanComparison comparison) {
        List<Long> bytes = StageMemory.bytes(comparison.request(), comparison.chosen());
        List<Stage> stages = new ArrayList<>();
        for (StagePlan stage : comparison.chosen().stages()) {
            stages.add(new Stage(
                    comparison.workerName(stage.worker()),
                    stage.firstUnit(),
                    stage.endUnit(),
                    bytes.get(stages.size()),
                    comparison
                            .request()
                            .cluster()
                            .wire(comparison.chosen().stages(), stages.size())
                            .label()));
        }
        return stages;
    }

    private static Entry entry(PlanComparison comparison, Contender contender) {
        return contender
                .allocation()
                .map(found -> new Entry(
                        contender.planner(), found.stepNanos(), found.bottleneckNanos(), comparison.gap(found), null))
                .orElseGet(() -> new Entry(contender.planner(), null, null, null, contender.problem()));
    }
}
