package io.github.skydl4j.plan;

import java.util.List;
import java.util.Objects;

/**
 * Which stage runs on which worker, first stage to last, and what that promises. Immutable.
 *
 * @param planner the name of the planner that made it
 * @param microBatches into how many micro-batches a step is cut
 * @param inFlightLimits for every stage, how many micro-batches it may keep in flight within its worker's memory
 * @param notes sentences for people: which workers were left out and why, how the plan was proved
 */
public record Allocation(
        String planner,
        List<StagePlan> stages,
        int microBatches,
        List<Integer> inFlightLimits,
        Prediction prediction,
        List<String> notes) {

    public Allocation {
        Objects.requireNonNull(planner, "planner");
        Objects.requireNonNull(prediction, "prediction");
        stages = List.copyOf(stages);
        inFlightLimits = List.copyOf(inFlightLimits);
        notes = List.copyOf(notes);
        if (stages.isEmpty() || stages.size() != inFlightLimits.size()) {
            throw new IllegalArgumentException(
                    stages.size() + " stages with " + inFlightLimits.size() + " in-flight limits");
        }
    }

    public long bottleneckNanos() {
        return prediction.bottleneckNanos();
    }

    public long stepNanos() {
        return prediction.stepNanos();
    }

    public long boundNanos() {
        return prediction.boundNanos();
    }

    public double gap() {
        return prediction.gap();
    }
}
