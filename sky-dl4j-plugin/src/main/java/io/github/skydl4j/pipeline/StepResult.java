package io.github.skydl4j.pipeline;

import java.util.List;

/**
 * What one step did.
 *
 * @param score the loss as {@code ComputationGraph.score()} would give it: averaged over examples, with regularization
 * @param rows examples in the batch
 * @param nanos from the first forward to the last update
 * @param stages first stage to last
 */
public record StepResult(double score, int rows, long nanos, List<StageStep> stages) {
    /** Copies the list. */
    public StepResult {
        stages = List.copyOf(stages);
    }
}
