package io.github.skydl4j;

import io.github.skydl4j.cluster.MemoryUse;
import java.util.List;

/**
 * What was planned and what was measured. Field names are the keys of the JSON report.
 *
 * @param stages first stage to last
 * @param stepMillis measured time of a step, median over the full-size batches after the first few
 * @param predictedStepMillis what that step should take on this machine, by the times measured before training
 * @param boundMillis what no schedule can beat with these stages, from the compute times measured while training and
 *     the links of the plan
 * @param samplesPerSecond of a median step
 * @param epochs one entry for each finished epoch
 * @param microBatches micro-batches in a full-size batch
 * @param memory what the processes of a cluster's workers hold and what the plan said, first stage to last; empty without a
 *     cluster
 * @param recoveries the losses of workers, and failures of stages, that a cluster has got over
 */
public record TrainingReport(
        List<Stage> stages,
        double stepMillis,
        double predictedStepMillis,
        double boundMillis,
        double samplesPerSecond,
        List<Epoch> epochs,
        String planner,
        String schedule,
        int microBatches,
        int steps,
        List<String> notes,
        List<MemoryUse> memory,
        List<Recovery> recoveries) {
    /** Copies the lists. */
    public TrainingReport {
        stages = List.copyOf(stages);
        epochs = List.copyOf(epochs);
        notes = List.copyOf(notes);
        memory = List.copyOf(memory);
        recoveries = List.copyOf(recoveries);
    }

    /**
     * A stage.
     *
     * @param wire how numbers travel to the next stage and back: exact, bfloat16 or float16
     * @param busy share of the measured steps in which the worker was at work, 0 to 1
     * @param plannedBusy the same share in the planner's simulation
     */
    public record Stage(String worker, int firstUnit, int endUnit, String wire, double busy, double plannedBusy) {}

    /**
     * An epoch.
     *
     * @param loss score averaged over the epoch's examples
     */
    public record Epoch(double loss, double seconds) {}

    /**
     * How a cluster got over a loss.
     *
     * @param step of the snapshot that the stages were restored from
     * @param stepsAgain steps since, which were done again
     * @param seconds from when the loss was noticed until the first of those steps was done
     */
    public record Recovery(int step, int stepsAgain, double seconds) {}
}
