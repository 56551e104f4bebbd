package io.github.skydl4j.pipeline;

import java.util.ArrayList;
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

    /**
     * Adds up what the stages did.
     *
     * @param trained of the first phase, first stage to last
     * @param updateNanos time at work of the second phase, likewise
     * @param averaged whether the score is the loss averaged over examples, as opposed to summed
     */
    public static StepResult of(
            List<StageResult> trained, List<Long> updateNanos, int rows, boolean averaged, long nanos) {
        double loss = 0;
        double penalty = 0;
        List<StageStep> steps = new ArrayList<>();
        for (int s = 0; s < trained.size(); s++) {
            StageResult result = trained.get(s);
            loss += result.lossSum();
            penalty += result.penalty();
            long busy = result.busyNanos() + updateNanos.get(s);
            steps.add(new StageStep(busy, result.forwardNanos(), result.backwardNanos(), result.transferNanos()));
        }
        return new StepResult((averaged ? loss / rows : loss) + penalty, rows, nanos, steps);
    }
}
