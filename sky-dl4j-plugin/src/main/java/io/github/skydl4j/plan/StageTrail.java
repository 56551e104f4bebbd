package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;

/** Stages laid from the end of the model, each of which knows the one behind it: many plans that share their ends. */
final class StageTrail {

    /** Where nothing is laid yet. */
    static final int NOTHING = -1;

    private record Step(int behind, int worker, int firstUnit) {}

    private final List<Step> steps = new ArrayList<>();

    /** A stage in front of another, or of {@link #NOTHING}; its number. */
    int add(int behind, int worker, int firstUnit) {
        steps.add(new Step(behind, worker, firstUnit));
        return steps.size() - 1;
    }

    /** The stage of this number and all behind it, in the order of the model, which has so many units. */
    List<StagePlan> stages(int number, int units) {
        List<StagePlan> stages = new ArrayList<>();
        for (int at = number; at != NOTHING; at = steps.get(at).behind) {
            Step step = steps.get(at);
            int end = step.behind == NOTHING ? units : steps.get(step.behind).firstUnit;
            stages.add(new StagePlan(step.worker, step.firstUnit, end));
        }
        return stages;
    }
}
