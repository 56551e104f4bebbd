package io.github.skydl4j.tune;

/** The step of a candidate in a short run on the workers themselves, or in the one that the journal remembers. */
final class MeasuredStepScore extends StepScore {
    private static final long serialVersionUID = 1L;

    private final transient TrialBook book;
    private final transient TuningListener listener;

    MeasuredStepScore(TrialBook book, TuningListener listener) {
        this.book = book;
        this.listener = listener;
    }

    @Override
    long stepNanos(TrialPlan plan) {
        listener.started(plan);
        return book.run(plan).stepNanos();
    }
}
