package io.github.skydl4j.tune;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.arbiter.optimize.api.CandidateGenerator;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxCandidatesCondition;
import org.deeplearning4j.arbiter.optimize.api.termination.MaxTimeCondition;
import org.deeplearning4j.arbiter.optimize.config.OptimizationConfiguration;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;

/**
 * One pass of Arbiter's runner, here until it ends: by candidates, by time, for lack of candidates or of improvement.
 *
 * @param most candidates at most; Arbiter counts failed ones too
 * @param patience candidates in a row without improvement
 */
@SuppressWarnings("rawtypes") // as Arbiter has it
record ArbiterSearch(CandidateGenerator candidates, StepScore score, ResultSaver saver, int most, int patience) {

    /** Runs; returns how many candidates were tried. */
    int run(long limitNanos, List<StatusListener> listeners) {
        OptimizationConfiguration configuration = new OptimizationConfiguration.Builder()
                .candidateGenerator(candidates)
                .scoreFunction(score)
                .modelSaver(saver)
                .terminationConditions(
                        new MaxCandidatesCondition(most),
                        new MaxTimeCondition(TimeUnit.NANOSECONDS.toMillis(limitNanos), TimeUnit.MILLISECONDS),
                        new Exhausted(),
                        new NoImprovement(patience))
                .build();
        EagerRunner runner = new EagerRunner(configuration, new CandidateTaskCreator());
        runner.addListeners(listeners.toArray(new StatusListener[0]));
        runner.execute();
        return runner.numCandidatesCompleted() + runner.numCandidatesFailed();
    }
}
