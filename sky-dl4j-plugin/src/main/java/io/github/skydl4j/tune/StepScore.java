package io.github.skydl4j.tune;

/** Scores a candidate by its step in nanoseconds: less is better. */
abstract class StepScore extends CandidateScore<TrialPlan> {
    private static final long serialVersionUID = 1L;

    StepScore() {
        super(TrialPlan.class, true);
    }

    /** A step of the candidate; throws where it cannot be had. */
    abstract long stepNanos(TrialPlan plan);

    @Override
    protected final double scoreOf(TrialPlan candidate) {
        return stepNanos(candidate);
    }
}
