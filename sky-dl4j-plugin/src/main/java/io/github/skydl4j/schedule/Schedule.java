package io.github.skydl4j.schedule;

import java.util.List;
import java.util.Objects;

/**
 * The order of work of one step: for every stage, first to last in the pipeline, its actions from first to last in
 * time. Data only; what makes one valid is said and checked by {@link ScheduleValidator}. Immutable.
 */
public record Schedule(String name, int microBatches, List<List<Action>> stages) {

    public Schedule {
        Objects.requireNonNull(name, "name");
        if (microBatches < 1) {
            throw new IllegalArgumentException(microBatches + " micro-batches: a step needs at least 1");
        }
        if (stages.isEmpty()) {
            throw new IllegalArgumentException("a schedule needs at least one stage");
        }
        stages = stages.stream().map(List::copyOf).toList();
    }

    public int stageCount() {
        return stages.size();
    }

    public List<Action> stage(int stage) {
        return stages.get(stage);
    }

    /** The largest number of micro-batches that the stage has taken forward and not yet backward. */
    public int maxInFlight(int stage) {
        int inFlight = 0;
        int most = 0;
        for (Action action : stage(stage)) {
            inFlight += action.isForward() ? 1 : -1;
            most = Math.max(most, inFlight);
        }
        return most;
    }
}
