package io.github.skydl4j.tune;

import java.util.ArrayList;
import java.util.List;

/** In what a candidate differs from the plan, in words for people. */
public final class PlanDifference {

    private PlanDifference() {}

    /**
     * A few words for each difference; none for the plan itself.
     *
     * @param names of the workers, in the order of the cluster
     */
    public static List<String> of(TrialPlan candidate, TrialPlan plan, List<String> names) {
        List<String> differences = new ArrayList<>();
        workers(candidate, plan, names, differences);
        if (candidate.microBatches() != plan.microBatches()) {
            differences.add(candidate.microBatches() + " micro-batches for " + plan.microBatches());
        }
        if (candidate.schedule() != plan.schedule()) {
            differences.add("schedule " + candidate.schedule().label());
        }
        if (candidate.recompute() != plan.recompute()) {
            differences.add(candidate.recompute() ? "recomputes" : "keeps activations");
        }
        if (candidate.wire() != plan.wire()) {
            differences.add(
                    candidate.wire().type().map(type -> "sends " + type.label()).orElse("sends as configured"));
        }
        if (!candidate.inFlight().equals(plan.inFlight())) {
            differences.add("in flight " + spaced(candidate.inFlight()));
        }
        if (differences.isEmpty() && candidate.revision() != plan.revision()) {
            differences.add("order of work from measured speeds");
        }
        return differences;
    }

    private static void workers(TrialPlan candidate, TrialPlan plan, List<String> names, List<String> differences) {
        for (int worker : plan.workers()) {
            if (!candidate.workers().contains(worker)) {
                differences.add("without " + names.get(worker));
            }
        }
        for (int worker : candidate.workers()) {
            if (!plan.workers().contains(worker)) {
                differences.add("with " + names.get(worker));
            }
        }
        List<Integer> kept =
                plan.workers().stream().filter(candidate.workers()::contains).toList();
        List<Integer> keeps =
                candidate.workers().stream().filter(plan.workers()::contains).toList();
        if (!kept.equals(keeps)) {
            differences.add("order "
                    + String.join(
                            " ", candidate.workers().stream().map(names::get).toList()));
        }
        if (!candidate.ends().equals(plan.ends())) {
            differences.add("units " + spaced(units(candidate)) + " for " + spaced(units(plan)));
        }
    }

    private static List<Integer> units(TrialPlan plan) {
        return plan.stages().stream().map(stage -> stage.units()).toList();
    }

    private static String spaced(List<Integer> numbers) {
        return String.join(" ", numbers.stream().map(String::valueOf).toList());
    }
}
