package io.github.skydl4j;

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
        List<String> notes) {
    /** Copies the lists. */
    public TrainingReport {
        stages = List.copyOf(stages);
        epochs = List.copyOf(epochs);
        notes = List.copyOf(notes);
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
}
