package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Beam search for plans with the conditions of {@link SubsetSearch}, in all ranges in which there may be short ones. Where
 * memory is tight few plans are near one another, and a search that changes one a little
 * stays where it began; these are the places to begin at. Proves nothing. Ranges are searched on several threads.
 */
final class SubsetPlans {

    private static final double LIMIT = 1.04;
    private static final int MOST_LABELS = 800;
    private static final int[] LABELS = {200, 400, MOST_LABELS};
    private static final int MOST_A_RANGE = 20;
    private static final int BEST_OF_A_RANGE = 2;
    private static final int PATHS = 10;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final ForwardShares forwards;
    private final long bottleneckBound;
    private final double limit;

    private record Tried(List<StagePlan> stages, long step) {}

    private SubsetPlans(CostModel costs, double limit, long bottleneckBound) {
        this.costs = costs;
        this.classes = WorkerClasses.of(costs);
        this.forwards = ForwardShares.of(costs);
        this.bottleneckBound = bottleneckBound;
        this.limit = limit;
    }

    /**
     * The best plans by a draft of their order of work, the best one first; there may be none.
     *
     * @param ranges of all plans that are shorter than the known one
     * @param found the step of that one
     */
    static List<List<StagePlan>> best(
            CostModel costs, List<StepProof.Proved> ranges, long found, long bottleneckBound, int most) {
        double step = (double) found - StepBound.leastUpdate(costs);
        SubsetPlans search = new SubsetPlans(costs, LIMIT * step, bottleneckBound);
        Set<List<StagePlan>> seen = new HashSet<>();
        List<Tried> tried = new ArrayList<>();
        List<List<List<StagePlan>>> inRanges =
                WideRanges.of(ranges, step).parallelStream().map(search::in).toList();
        for (List<List<StagePlan>> inRange : inRanges) {
            inRange.stream()
                    .filter(stages -> seen.add(stages) && Ends.fit(costs, stages))
                    .map(stages -> new Tried(stages, Appraisal.step(costs, stages)))
                    .sorted(Comparator.comparingLong(Tried::step))
                    .limit(BEST_OF_A_RANGE)
                    .forEach(tried::add);
        }
        return tried.stream()
                .sorted(Comparator.comparingLong(Tried::step))
                .limit(most)
                .map(Tried::stages)
                .toList();
    }

    /** Does not change this object. */
    private List<List<StagePlan>> in(StepProof.Proved known) {
        StepRange range = known.range();
        Optional<StageCaps> caps =
                StepFloor.caps(costs, bottleneckBound, limit, range.longestLow(), range.longestHigh());
        if (known.bound() >= limit || caps.isEmpty()) {
            return List.of();
        }
        StepRelaxation relaxation = new StepRelaxation(costs, classes, forwards, range, known.bound(), limit);
        StepRelaxation.Proof proof = relaxation.ascend(known.proof(), limit, PATHS);
        if (proof.bound() >= limit) {
            return List.of();
        }
        SubsetSearch search =
                new SubsetSearch(relaxation, proof.weights(), caps.get(), limit, SubsetSearch.table(costs), 0);
        List<List<StagePlan>> plans = new ArrayList<>();
        for (int labels : LABELS) {
            plans.addAll(search.plans(labels, MOST_A_RANGE, true));
        }
        plans.addAll(search.plans(MOST_LABELS, MOST_A_RANGE, false));
        return plans;
    }
}
