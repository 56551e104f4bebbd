package io.github.skydl4j.tune;

import org.deeplearning4j.arbiter.optimize.api.termination.TerminationCondition;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;

/** Ends a search when so many candidates in a row, failed ones included, were not better by a thousandth than the best. */
final class NoImprovement implements TerminationCondition {
    private static final double WORTH = 0.999;

    private final int patience;
    private double best = Double.POSITIVE_INFINITY;
    private int triedAtBest;

    NoImprovement(int patience) {
        this.patience = patience;
    }

    @Override
    public void initialize(IOptimizationRunner runner) {}

    @Override
    public boolean terminate(IOptimizationRunner runner) {
        int tried = runner.numCandidatesCompleted() + runner.numCandidatesFailed();
        Double found = runner.bestScore();
        if (found != null && found < best * WORTH) {
            best = found;
            triedAtBest = tried;
        }
        return tried - triedAtBest >= patience;
    }
}
