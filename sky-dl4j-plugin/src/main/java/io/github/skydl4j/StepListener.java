package io.github.skydl4j;

import io.github.skydl4j.pipeline.StageStep;
import io.github.skydl4j.plan.Allocation;
import java.util.List;

/** Follows a training run, on the thread that called {@code fit}. */
public interface StepListener {
    /**
     * The model's units have been measured, or a kept profile is used.
     *
     * @param origin which of the two, for people
     */
    default void profiled(String origin) {}

    /** The stages have been planned. */
    default void planned(Allocation allocation) {}

    /**
     * A step is done.
     *
     * @param step steps since the trainer was made, from 1
     * @param epoch epoch of the network, from 0
     * @param nanos time of the step
     */
    default void stepDone(long step, int epoch, double score, int rows, long nanos) {}

    /** What each stage took in the step that {@link #stepDone} has told of, first stage to last. */
    default void stagesDone(List<StageStep> stages) {}
}
