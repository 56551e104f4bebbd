package io.github.skydl4j.tune;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Runs of a few candidates and the plan in turns. What disturbs the machine for a while disturbs all runs of a turn alike, so
 * candidates are compared with the plan turn by turn and not over all runs. Immutable.
 *
 * @param plan the one to compare with
 * @param stepNanos for each turn what a step took, of those that ran in it
 */
public record Turns(TrialPlan plan, List<Map<TrialPlan, Long>> stepNanos) {

    /** Copies the turns. */
    public Turns {
        stepNanos = stepNanos.stream().map(Map::copyOf).toList();
    }

    /** A candidate's step over the plan's, the median of the turns in which both ran; empty if there was none. */
    public OptionalDouble ratio(TrialPlan candidate) {
        List<Double> ratios = ratios(candidate);
        return ratios.isEmpty() ? OptionalDouble.empty() : OptionalDouble.of(Medians.ofRatios(ratios));
    }

    /**
     * By how much a candidate's ratio differs between turns: standard deviation as a share of the ratio, pooled over the
     * candidates; empty if none ran in two turns.
     */
    public OptionalDouble spread() {
        Set<TrialPlan> candidates = new LinkedHashSet<>();
        stepNanos.forEach(turn -> candidates.addAll(turn.keySet()));
        candidates.remove(plan);
        double squares = 0;
        int freedom = 0;
        for (TrialPlan candidate : candidates) {
            List<Double> ratios = ratios(candidate);
            double mean = ratios.stream().mapToDouble(ratio -> ratio).average().orElse(1);
            for (double ratio : ratios) {
                squares += (ratio / mean - 1) * (ratio / mean - 1);
            }
            freedom += Math.max(0, ratios.size() - 1);
        }
        return freedom == 0 ? OptionalDouble.empty() : OptionalDouble.of(Math.sqrt(squares / freedom));
    }

    private List<Double> ratios(TrialPlan candidate) {
        List<Double> ratios = new ArrayList<>();
        for (Map<TrialPlan, Long> turn : stepNanos) {
            Long ofPlan = turn.get(plan);
            Long ofCandidate = turn.get(candidate);
            if (ofPlan != null && ofCandidate != null) {
                ratios.add((double) ofCandidate / ofPlan);
            }
        }
        return ratios;
    }
}
