package io.github.skydl4j.tune;

import org.deeplearning4j.arbiter.optimize.api.termination.TerminationCondition;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;

/** Ends a search that has no more candidates, for which Arbiter's runner would wait for ever. */
final class Exhausted implements TerminationCondition {

    @Override
    public void initialize(IOptimizationRunner runner) {}

    @Override
    public boolean terminate(IOptimizationRunner runner) {
        return runner.numCandidatesQueued() == 0
                && !runner.getConfiguration().getCandidateGenerator().hasMoreCandidates();
    }
}
