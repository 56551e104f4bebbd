package io.github.skydl4j;

import io.github.skydl4j.pipeline.StageStep;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Simulation;
import io.github.skydl4j.plan.Simulator;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.StepBound;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Keeps what a run has measured, in bounded memory. Used by one thread. */
final class Progress {
    /** Steps at the start that do not count, or half of all in a short run: the JVM is still compiling. */
    private static final int WARM_UP_STEPS = 5;
    /** The latest steps that are kept. */
    private static final int KEPT_STEPS = 4096;

    private final List<TrainingReport.Epoch> epochs = new ArrayList<>();
    private final ArrayDeque<StepResult> measured = new ArrayDeque<>();
    private long steps;
    private double epochLoss;
    private long epochRows;
    private long epochStart;

    void startEpoch() {
        epochStart = System.nanoTime();
        epochLoss = 0;
        epochRows = 0;
    }

    /** The stages stand: what was measured and planned before the first step is no part of the epoch. */
    void stagesStarted() {
        if (epochRows == 0) {
            epochStart = System.nanoTime();
        }
    }

    void endEpoch() {
        double seconds = (System.nanoTime() - epochStart) / 1e9;
        epochs.add(new TrainingReport.Epoch(epochRows == 0 ? 0 : epochLoss / epochRows, seconds));
    }

    /** Forgets measured steps: the stages have been planned anew. */
    void replanned() {
        measured.clear();
    }

    void add(StepResult step) {
        steps++;
        epochLoss += step.score() * step.rows();
        epochRows += step.rows();
        if (!measured.isEmpty() && step.rows() > measured.getLast().rows()) {
            measured.clear();
        }
        boolean fullSize =
                measured.isEmpty() || step.rows() == measured.getLast().rows();
        if (fullSize) {
            measured.addLast(step);
        }
        if (measured.size() > KEPT_STEPS) {
            measured.removeFirst();
        }
    }

    long steps() {
        return steps;
    }

    TrainingReport report(PlannedTraining training) {
        Allocation allocation = training.allocation();
        Simulation simulation = Simulator.simulate(training.request(), allocation);
        List<TrainingReport.Stage> stages = new ArrayList<>();
        for (int s = 0; s < allocation.stages().size(); s++) {
            StagePlan stage = allocation.stages().get(s);
            stages.add(new TrainingReport.Stage(
                    training.workerNames().get(stage.worker()),
                    stage.firstUnit(),
                    stage.endUnit(),
                    training.request().cluster().wire(allocation.stages(), s).label(),
                    busyShare(s),
                    simulation.busyShares().get(s)));
        }
        double stepNanos = median(StepResult::nanos);
        double rows = measured.isEmpty() ? 0 : measured.getLast().rows();
        return new TrainingReport(
                stages,
                stepNanos / 1e6,
                training.predictedNanos() / 1e6,
                StepBound.ofPlan(stageTimes(training), allocation.microBatches()) / 1e6,
                stepNanos == 0 ? 0 : rows / stepNanos * 1e9,
                epochs,
                allocation.planner(),
                training.request().schedule().label(),
                allocation.microBatches(),
                (int) steps,
                allocation.notes(),
                training.memory(),
                training.recoveries().stream()
                        .map(got -> new TrainingReport.Recovery(got.iteration(), got.steps(), got.nanos() / 1e9))
                        .toList());
    }

    /** The stages' times as measured while training; those of the plan as long as nothing is measured. */
    private StageTimes stageTimes(PlannedTraining training) {
        StageTimes planned = StepTimes.of(training.request(), training.allocation());
        if (measured.isEmpty()) {
            return planned;
        }
        List<Long> forward = new ArrayList<>();
        List<Long> backward = new ArrayList<>();
        for (int s = 0; s < planned.stageCount(); s++) {
            int stage = s;
            forward.add(median(step -> step.stages().get(stage).forwardNanos()));
            backward.add(median(step -> step.stages().get(stage).backwardNanos()));
        }
        return new StageTimes(forward, backward, planned.linkNanos(), planned.endsShared());
    }

    private double busyShare(int stage) {
        double busy = 0;
        double all = 0;
        for (StepResult step : warm()) {
            StageStep own = step.stages().get(stage);
            busy += own.busyNanos();
            all += step.nanos();
        }
        return all == 0 ? 0 : busy / all;
    }

    /** The measured steps without those in which the JVM was cold. */
    private List<StepResult> warm() {
        boolean coldIncluded = steps <= KEPT_STEPS;
        int cold = coldIncluded ? Math.min(WARM_UP_STEPS, measured.size() / 2) : 0;
        return measured.stream().skip(cold).toList();
    }

    private long median(ToLongFunction<StepResult> value) {
        long[] values = warm().stream().mapToLong(value).sorted().toArray();
        return values.length == 0 ? 0 : values[values.length / 2];
    }
}
