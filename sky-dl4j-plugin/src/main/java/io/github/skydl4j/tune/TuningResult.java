package io.github.skydl4j.tune;

import io.github.skydl4j.TunedPlan;
import io.github.skydl4j.plan.PlanRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * What a search has found. Immutable.
 *
 * @param plan the planner's plan as it ran; empty if it could not run
 * @param best what to train with: the plan itself unless another is faster by more than the noise
 * @param order what the order of work of {@code best} is made from; its cluster is for the trainer to know
 * @param turns the runs in the end, of the best candidates and the plan in turns
 * @param ranking all candidates that ran, the fastest first
 * @param failed those that could not run, with the cause
 * @param noise what gains below are none: how much a candidate's step over the plan's differs between turns, or, where
 *     there were none, a candidate's step between runs; a standard deviation, as a share; 0 if none ran twice
 * @param simulated how many candidates were simulated
 * @param recalled runs that the journal remembered
 * @param measured the request with speeds and links as measured, from which any planner may plan again
 * @param reason why the search ended, in words
 */
public record TuningResult(
        Optional<TrialResult> plan,
        TrialResult best,
        PlanRequest order,
        Turns turns,
        List<TrialResult> ranking,
        Map<TrialPlan, String> failed,
        double noise,
        int simulated,
        int recalled,
        PlanRequest measured,
        String reason) {

    /** Copies the collections. */
    public TuningResult {
        ranking = List.copyOf(ranking);
        failed = Map.copyOf(failed);
    }

    /** What to train with: for {@code SkyTrainer.builder(network).workers(workers).tuned(result.tuned())}. */
    public TunedPlan tuned() {
        TrialPlan found = best.plan();
        return new TunedPlan(
                found.stages(),
                found.inFlight(),
                found.schedule(),
                found.microBatches(),
                found.recompute(),
                found.wire().type().orElse(null),
                order.cluster());
    }

    /**
     * By what share of the plan's step a candidate's is shorter; below 0 if it is longer; 0 without a plan. Turn by turn
     * where both ran in turns.
     */
    public double gain(TrialResult candidate) {
        OptionalDouble ratio = turns.ratio(candidate.plan());
        return ratio.isPresent()
                ? 1 - ratio.getAsDouble()
                : plan.map(start -> 1 - (double) candidate.stepNanos() / start.stepNanos())
                        .orElse(0.0);
    }

    /** The gain of {@link #best}. */
    public double gain() {
        return gain(best);
    }
}
