package io.github.skydl4j.tune;

import io.github.skydl4j.StepListener;
import io.github.skydl4j.pipeline.StageStep;
import io.github.skydl4j.pipeline.StepResult;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Collects what the steps of a run take. Used by one thread. */
final class StepMeter implements StepListener {
    private final List<Long> stepNanos = new ArrayList<>();
    private final List<List<StageStep>> stages = new ArrayList<>();

    @Override
    public void stepDone(long step, int epoch, double score, int rows, long nanos) {
        stepNanos.add(nanos);
    }

    @Override
    public void stagesDone(List<StageStep> ofStep) {
        stages.add(ofStep);
    }

    /** The same of a step that no trainer tells of. */
    void add(StepResult step) {
        stepNanos.add(step.nanos());
        stages.add(step.stages());
    }

    /** Drops the steps so far. */
    void forget() {
        stepNanos.clear();
        stages.clear();
    }

    Measurement measurement() {
        List<Long> transfers = medians(StageStep::transferNanos);
        return new Measurement(
                Medians.of(stepNanos),
                medians(StageStep::forwardNanos),
                medians(StageStep::backwardNanos),
                transfers.subList(1, transfers.size()));
    }

    private List<Long> medians(ToLongFunction<StageStep> value) {
        List<Long> medians = new ArrayList<>();
        for (int s = 0; s < stages.get(0).size(); s++) {
            int stage = s;
            medians.add(Medians.of(stages.stream()
                    .map(step -> value.applyAsLong(step.get(stage)))
                    .toList()));
        }
        return medians;
    }
}
