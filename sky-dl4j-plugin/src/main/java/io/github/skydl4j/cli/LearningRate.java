package io.github.skydl4j.cli;

import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * How the learning rate goes over a run: up in a straight line over the warm-up, then level or down to 0.
 *
 * <p>As a DL4J schedule it is a stair of at most {@value #STAIRS} steps, a {@link MapSchedule}: in 1.0.0-M2.1 the {@code
 * PolySchedule} rises instead of falling, and a saved network with a {@code RampSchedule} cannot be read.
 */
record LearningRate(double peak, int warmUpSteps, Decay decay) {
    /** What comes after the warm-up. */
    enum Decay {
        NONE,
        LINEAR
    }

    private static final int STAIRS = 512;

    /** The schedule of a run of {@code steps} steps. */
    ISchedule schedule(int steps) {
        int stride = Math.max(1, (steps + STAIRS - 1) / STAIRS);
        Map<Integer, Double> stairs = new HashMap<>();
        for (int step = 0; step < Math.max(1, steps); step += stride) {
            stairs.put(step, at(step, steps));
        }
        return new MapSchedule(ScheduleType.ITERATION, stairs);
    }

    /** The rate at a step, counted from 0. */
    double at(int step, int steps) {
        if (step < warmUpSteps) {
            return peak * (step + 1) / warmUpSteps;
        }
        return decay == Decay.NONE ? peak : peak * (steps - step) / Math.max(1, steps - warmUpSteps);
    }
}
