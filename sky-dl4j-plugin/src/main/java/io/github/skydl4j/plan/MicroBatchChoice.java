package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;

/**
 * Plans a step for every number of micro-batches allowed and takes the fastest, the fewest where two are equal. Numbers with
 * which no plan can be as fast as one that is known are not planned for.
 */
final class MicroBatchChoice {

    private MicroBatchChoice() {}

    private record Choice(PlanRequest request, long floor) {}

    static Allocation of(PlanRequest request, Function<PlanRequest, Allocation> planner) {
        List<Integer> choices = request.options().microBatchChoices();
        List<Choice> byFloor = choices.stream()
                .map(request::scaledTo)
                .map(scaled -> new Choice(scaled, StepBound.anyPlan(scaled)))
                .sorted(Comparator.comparingLong(Choice::floor))
                .toList();
        List<Allocation> plans = new ArrayList<>();
        List<InfeasiblePlanException> failures = new ArrayList<>();
        long least = Long.MAX_VALUE;
        long bound = Long.MAX_VALUE;
        for (Choice choice : byFloor) {
            if (choice.floor > least) {
                break;
            }
            try {
                Allocation next = planner.apply(choice.request);
                plans.add(next);
                least = Math.min(least, next.stepNanos());
                bound = Math.min(bound, next.boundNanos());
            } catch (InfeasiblePlanException e) {
                failures.add(e);
            }
        }
        Allocation best = plans.stream()
                .min(Comparator.comparingLong(Allocation::stepNanos).thenComparingInt(Allocation::microBatches))
                .orElseThrow(() -> failures.get(failures.size() - 1));
        return chosen(best, choices, bound);
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
