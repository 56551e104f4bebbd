package io.github.skydl4j;

import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Simulation;
import io.github.skydl4j.plan.Simulator;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.StepBound;
import io.github.skydl4j.plan.StepTimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Keeps what a run has measured, in bounded memory. Used by one thread. */
final class Progress {
    /** Steps at the start that are not measured: the JVM is still compiling. */
    private static final int WARM_UP_STEPS = 5;
    /** Step times are kept in a ring of this size. */
    private static final int KEPT_STEPS = 4096;

    private final List<TrainingReport.Epoch> epochs = new ArrayList<>();
    private final long[] nanos = new long[KEPT_STEPS];
    private final int[] rows = new int[KEPT_STEPS];
    private double[] busyNanos = new double[0];
    private double measuredNanos;
    private long measured;
    private long steps;
    private int fullRows;
    private double epochLoss;
    private long epochRows;
    private long epochStart;

    void startEpoch() {
        epochStart = System.nanoTime();
        epochLoss = 0;
        epochRows = 0;
    }

    void endEpoch() {
        double seconds = (System.nanoTime() - epochStart) / 1e9;
        epochs.add(new TrainingReport.Epoch(epochRows == 0 ? 0 : epochLoss / epochRows, seconds));
    }

    void add(StepResult step, int microBatches) {
        steps++;
        epochLoss += step.score() * step.rows();
        epochRows += step.rows();
        if (step.rows() > fullRows) {
            fullRows = step.rows();
            measured = 0;
            measuredNanos = 0;
            busyNanos = new double[step.busyNanos().size()];
        }
        if (steps <= WARM_UP_STEPS || step.rows() < fullRows) {
            return;
        }
        int slot = (int) (measured++ % KEPT_STEPS);
        nanos[slot] = step.nanos();
        rows[slot] = step.rows();
        measuredNanos += step.nanos();
        for (int s = 0; s < busyNanos.length; s++) {
            busyNanos[s] += step.busyNanos().get(s);
        }
    }

    long steps() {
        return steps;
    }

    TrainingReport report(Training training, TrainerOptions options) {
        Allocation allocation = training.allocation();
        Simulation simulation = Simulator.simulate(training.request(), allocation);
        List<TrainingReport.Stage> stages = new ArrayList<>();
        for (int s = 0; s < allocation.stages().size(); s++) {
            StagePlan stage = allocation.stages().get(s);
            stages.add(new TrainingReport.Stage(
                    options.workers().get(stage.worker()).name(),
                    stage.firstUnit(),
                    stage.endUnit(),
                    measuredNanos == 0 ? 0 : busyNanos[s] / measuredNanos,
                    simulation.busyShares().get(s)));
        }
        double stepNanos = medianNanos();
        long bound = StepBound.ofPlan(StepTimes.of(training.request(), allocation), allocation.microBatches());
        return new TrainingReport(
                stages,
                stepNanos / 1e6,
                allocation.stepNanos() / 1e6,
                bound / 1e6,
                stepNanos == 0 ? 0 : fullRows / stepNanos * 1e9,
                epochs,
                allocation.planner(),
                training.request().schedule().label(),
                allocation.microBatches(),
                (int) steps,
                allocation.notes());
    }

    private double medianNanos() {
        long[] kept = Arrays.copyOf(nanos, (int) Math.min(measured, KEPT_STEPS));
        Arrays.sort(kept);
        return kept.length == 0 ? 0 : kept[kept.length / 2];
    }
}
