package io.github.skydl4j.tune;

import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.TaskCreator;
import org.deeplearning4j.arbiter.optimize.api.data.DataProvider;
import org.deeplearning4j.arbiter.optimize.api.data.DataSource;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;
import org.jspecify.annotations.Nullable;

/**
 * Makes tasks for Arbiter in which the score function has all the work: it is given the candidate's value and no data. A
 * candidate that fails is a result with the cause in it. See {@link CandidateScore}.
 */
@SuppressWarnings("rawtypes") // as Arbiter has it
public final class CandidateTaskCreator implements TaskCreator {

    /**
     * As below.
     *
     * @deprecated by Arbiter, whose runner calls it all the same
     */
    @Override
    @Deprecated
    public Callable<OptimizationResult> create(
            Candidate candidate,
            @Nullable DataProvider data,
            ScoreFunction score,
            List<StatusListener> listeners,
            IOptimizationRunner runner) {
        return new CandidateTask(candidate, score, listeners, runner);
    }

    @Override
    public Callable<OptimizationResult> create(
            Candidate candidate,
            @Nullable Class<? extends DataSource> data,
            @Nullable Properties dataProperties,
            ScoreFunction score,
            List<StatusListener> listeners,
            IOptimizationRunner runner) {
        return new CandidateTask(candidate, score, listeners, runner);
    }
}
