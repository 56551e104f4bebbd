package io.github.skydl4j.tune;

/** Follows a search, on the thread that does the work. */
public interface TuningListener {

    /** A candidate is about to run. */
    default void started(TrialPlan plan) {}

    /**
     * A candidate has run.
     *
     * @param tried candidates so far, failed ones included; the same candidate may run again
     */
    default void measured(TrialPlan plan, long stepNanos, int tried) {}

    /** A candidate could not run. */
    default void failed(TrialPlan plan, String cause, int tried) {}

    /** A round of simulated candidates is done. */
    default void simulated(int candidates) {}
}
