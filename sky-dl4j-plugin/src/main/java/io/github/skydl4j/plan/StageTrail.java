package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Stages laid from the end of the model, each of which knows the one behind it: many plans that share their ends. */
final class StageTrail {

    /** Where nothing is laid yet. */
    static final int NOTHING = -1;

    private static final int FIRST_SIZE = 1024;

    private int[] behind = new int[FIRST_SIZE];
    private int[] worker = new int[FIRST_SIZE];
    private int[] firstUnit = new int[FIRST_SIZE];
    private int size;

    /** A stage in front of another, or of {@link #NOTHING}; its number. */
    int add(int numberBehind, int ofWorker, int fromUnit) {
        if (size == behind.length) {
            behind = Arrays.copyOf(behind, 2 * size);
            worker = Arrays.copyOf(worker, 2 * size);
            firstUnit = Arrays.copyOf(firstUnit, 2 * size);
        }
        behind[size] = numberBehind;
        worker[size] = ofWorker;
        firstUnit[size] = fromUnit;
        return size++;
    }

    /** The stage of this number and all behind it, in the order of the model, which has so many units. */
    List<StagePlan> stages(int number, int units) {
        List<StagePlan> stages = new ArrayList<>();
        for (int at = number; at != NOTHING; at = behind[at]) {
            int end = behind[at] == NOTHING ? units : firstUnit[behind[at]];
            stages.add(new StagePlan(worker[at], firstUnit[at], end));
        }
        return stages;
    }
}
