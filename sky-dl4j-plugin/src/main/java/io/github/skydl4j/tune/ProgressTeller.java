package io.github.skydl4j.tune;

import org.deeplearning4j.arbiter.optimize.api.OptimizationResult;
import org.deeplearning4j.arbiter.optimize.runner.CandidateInfo;
import org.deeplearning4j.arbiter.optimize.runner.CandidateStatus;
import org.deeplearning4j.arbiter.optimize.runner.IOptimizationRunner;
import org.deeplearning4j.arbiter.optimize.runner.listener.BaseStatusListener;
import org.jspecify.annotations.Nullable;

/** Turns what Arbiter tells of measured candidates into words of this package. */
final class ProgressTeller extends BaseStatusListener {
    private final TuningListener listener;
    private final TrialBook book;

    ProgressTeller(TuningListener listener, TrialBook book) {
        this.listener = listener;
        this.book = book;
    }

    @Override
    public void onCandidateStatusChange(
            CandidateInfo info, IOptimizationRunner runner, @Nullable OptimizationResult result) {
        if (result == null) {
            return;
        }
        TrialPlan plan = (TrialPlan) result.getCandidate().getValue();
        if (info.getCandidateStatus() == CandidateStatus.Complete) {
            listener.measured(plan, Math.round(info.getScore()), book.tried());
        } else {
            listener.failed(plan, String.valueOf(info.getExceptionStackTrace()), book.tried());
        }
    }
}
