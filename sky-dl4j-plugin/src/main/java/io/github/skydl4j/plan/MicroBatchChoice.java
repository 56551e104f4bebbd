package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** Plans a step for every number of micro-batches allowed and takes the fastest, the fewest where two are equal. */
final class MicroBatchChoice {

    private MicroBatchChoice() {}

    static Allocation of(PlanRequest request, Function<PlanRequest, Allocation> planner) {
        List<Integer> choices = request.options().microBatchChoices();
        Optional<Allocation> best = Optional.empty();
        Optional<InfeasiblePlanException> failure = Optional.empty();
        long bound = Long.MAX_VALUE;
        for (int microBatches : choices) {
            try {
                Allocation next = planner.apply(request.scaledTo(microBatches));
                bound = Math.min(bound, next.boundNanos());
                if (best.isEmpty() || next.stepNanos() < best.get().stepNanos()) {
                    best = Optional.of(next);
                }
            } catch (InfeasiblePlanException e) {
                failure = Optional.of(e);
            }
        }
        if (best.isEmpty()) {
            throw failure.orElseThrow();
        }
        return chosen(best.get(), choices, bound);
    }

    private static Allocation chosen(Allocation best, List<Integer> choices, long bound) {
        List<String> notes = new ArrayList<>(best.notes());
        notes.add(best.microBatches() + " micro-batches are the fastest of " + choices);
        Prediction prediction = best.prediction();
        return new Allocation(
                best.planner(),
                best.stages(),
                best.microBatches(),
                best.inFlightLimits(),
                new Prediction(
                        prediction.bottleneckNanos(), prediction.bottleneckBoundNanos(), prediction.stepNanos(), bound),
                notes);
    }
}
