package io.github.skydl4j.tune;

import java.io.IOException;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.Callable;
import org.deeplearning4j.arbiter.optimize.api.Candidate;
import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.api.saving.ResultSaver;
import org.deeplearning4j.arbiter.optimize.api.score.ScoreFunction;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.StatusListener;
import org.jspecify.annotations.Nullable;

/**
 * Scores one candidate and tells the listeners. A candidate that cannot be scored, for lack of memory say, is a result with
 * the cause in it: it must not stop the search.
 */
final class TrialTask implements Callable<OptimizationResult> {
    private final Candidate<TrialPlan> candidate;
    private final ScoreFunction score;
    private final List<StatusListener> listeners;
    private final IOptimizationRunner runner;
    private final long created = System.currentTimeMillis();

    TrialTask(
            Candidate<TrialPlan> candidate,
            ScoreFunction score,
            List<StatusListener> listeners,
            IOptimizationRunner runner) {
        this.candidate = candidate;
        this.score = score;
        this.listeners = listeners;
        this.runner = runner;
    }

    @Override
    public OptimizationResult call() throws IOException {
        tell(info(CandidateStatus.Running, null, null), null);
        OptimizationResult result = result();
        ResultSaver saver = runner.getConfiguration().getResultSaver();
        if (saver != null) {
            result.setResultReference(saver.saveModel(result, candidate.getValue()));
        }
        tell(result.getCandidateInfo(), result);
        return result;
    }

    private OptimizationResult result() {
        try {
            double found = score.score(candidate.getValue(), null, new Properties());
            return result(found, info(CandidateStatus.Complete, found, null));
        } catch (RuntimeException | Error e) {
            return result(null, info(CandidateStatus.Failed, null, Cause.line(e)));
        }
    }

    private OptimizationResult result(@Nullable Double found, CandidateInfo info) {
        return new OptimizationResult(candidate, found, candidate.getIndex(), null, info, null);
    }

    private CandidateInfo info(CandidateStatus status, @Nullable Double found, @Nullable String cause) {
        return new CandidateInfo(
                candidate.getIndex(),
                status,
                found,
                created,
                created,
                System.currentTimeMillis(),
                candidate.getFlatParameters(),
                cause);
    }

    private void tell(CandidateInfo info, @Nullable OptimizationResult result) {
        listeners.forEach(listener -> listener.onCandidateStatusChange(info, runner, result));
    }
}
