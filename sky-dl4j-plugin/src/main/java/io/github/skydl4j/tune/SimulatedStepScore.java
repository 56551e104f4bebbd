package io.github.skydl4j.tune;

/** The simulator's step of a candidate; refuses one that does not fit its workers, which so costs no run. */
final class SimulatedStepScore extends StepScore {
    private static final long serialVersionUID = 1L;

    private final transient Forecast forecast;

    SimulatedStepScore(Forecast forecast) {
        this.forecast = forecast;
    }

    @Override
    long stepNanos(TrialPlan plan) {
        return forecast.stepNanos(plan);
    }
}
