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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scores one candidate by its value and tells the listeners. A candidate that cannot be scored, for lack of memory say, is a result with
 * the cause in it: it must not stop the search, and no more
 * must a listener that throws.
 */
final class CandidateTask implements Callable<OptimizationResult> {
    private static final Logger LOG = LoggerFactory.getLogger(CandidateTask.class);

    private final Candidate<?> candidate;
    private final ScoreFunction score;
    private final List<StatusListener> listeners;
    private final IOptimizationRunner runner;
    private final long created = System.currentTimeMillis();

    CandidateTask(
            Candidate<?> candidate, ScoreFunction score, List<StatusListener> listeners, IOptimizationRunner runner) {
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
        for (StatusListener listener : listeners) {
            try {
                listener.onCandidateStatusChange(info, runner, result);
            } catch (RuntimeException e) {
                LOG.warn("a listener failed at candidate {}", candidate.getIndex(), e);
            }
        }
    }
}
