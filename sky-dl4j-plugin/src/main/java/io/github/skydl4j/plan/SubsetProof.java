package io.github.skydl4j.plan;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Raises the proved bound of the step, range by range: the range of the lowest bound is asked by {@link SubsetSearch} whether
 * it has a plan whose step is a little longer, halved where the answer costs too much, and asked again. Ends when the bound
 * is close to the known step, when a narrow range has such a plan, as far as is known, or when the budget of work is spent.
 * Confined to one thread.
 */
final class SubsetProof {

    private static final double CLOSE = 1.02;
    /** A gap of three per cent, with room for rounding. */
    private static final double GOAL = 1.0299;

    private static final double RAISED_BY = 0.002;
    private static final double FAR = 0.1;
    private static final int PATHS = 30;
    private static final long LOOKS_A_RANGE = 3_000_000L;
    private static final long LOOKS_A_NARROW_RANGE = 60_000_000L;
    private static final double NARROW = 0.001;
    private static final long MOST_LOOKS = 400_000_000L;
    private static final long MOST_WORK = 5_000_000_000L;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final ForwardShares forwards;
    private final long bottleneckBound;
    private final double step;
    private final double rounds;
    private final int[] firstOf;
    private final PriorityQueue<StepProof.Proved> ranges =
            new PriorityQueue<>(Comparator.comparingDouble(StepProof.Proved::bound));
    private long looks;
    private long work;

    private SubsetProof(CostModel costs, List<StepProof.Proved> ranges, double step, long bottleneckBound) {
        this.costs = costs;
        this.classes = WorkerClasses.of(costs);
        this.forwards = ForwardShares.of(costs);
        this.bottleneckBound = bottleneckBound;
        this.step = step;
        this.rounds = costs.microBatches() - 1;
        this.ranges.addAll(ranges);
        this.firstOf = new int[1 << costs.workers()];
        Arrays.fill(firstOf, -1);
    }

    static boolean affords(CostModel costs) {
        return costs.workers() <= SubsetSearch.MOST_WORKERS && costs.microBatches() > 1 && StepProof.affords(costs);
    }

    /**
     * A step that no plan beats.
     *
     * @param ranges of all plans that are shorter than the known one
     * @param found the step of that one
     */
    static long raised(CostModel costs, List<StepProof.Proved> ranges, long found, long bottleneckBound) {
        long update = StepBound.leastUpdate(costs);
        SubsetProof proof = new SubsetProof(costs, ranges, (double) (found - update), bottleneckBound);
        while (proof.raise()) {}
        double bound = Math.min(proof.step, proof.ranges.element().bound() * StepProof.ROUNDING);
        return update + (long) Math.floor(bound);
    }

    /** Whether there was anything to prove, and that went well. */
    private boolean raise() {
        StepProof.Proved lowest = ranges.element();
        if (lowest.bound() >= step / CLOSE || looks >= MOST_LOOKS || work >= MOST_WORK) {
            return false;
        }
        ranges.remove();
        double goal = goal(lowest.bound());
        StepRange range = lowest.range();
        StepRelaxation relaxation = new StepRelaxation(costs, classes, forwards, range, lowest.bound(), goal);
        StepRelaxation.Proof proof = relaxation.ascend(lowest.proof(), goal, PATHS);
        double bound = Math.max(lowest.bound(), Math.min(goal, proof.bound()));
        boolean undecided = bound < goal && !rulesOut(relaxation, proof.weights(), goal);
        work += relaxation.work();
        if (!undecided) {
            ranges.add(new StepProof.Proved(range, goal, proof));
        } else if (isNarrow(range)) {
            ranges.add(new StepProof.Proved(range, bound, proof));
            return false;
        } else {
            ranges.add(new StepProof.Proved(range.lowerHalf(rounds), bound, proof));
            ranges.add(new StepProof.Proved(range.upperHalf(rounds), bound, proof));
        }
        return true;
    }

    /** The next of the bounds that are tried, among which is the one that leaves the gap that is wished for. */
    private double goal(double bound) {
        double missing = step / bound - GOAL;
        double by = missing > FAR ? missing / 4 : RAISED_BY;
        double left = missing > 0 ? Math.max(0, missing - by) : missing - by;
        return Math.min(step / CLOSE, step / (GOAL + left));
    }

    private boolean isNarrow(StepRange range) {
        return range.width(rounds) < NARROW * step;
    }

    private boolean rulesOut(StepRelaxation relaxation, StepWeights weights, double goal) {
        StepRange range = relaxation.range();
        Optional<StageCaps> caps =
                StepFloor.caps(costs, bottleneckBound, goal, range.longestLow(), range.longestHigh());
        if (caps.isEmpty() || rounds * forwards.ofLonger() * range.longestLow() > range.slackHigh()) {
            return true;
        }
        SubsetSearch search = new SubsetSearch(relaxation, weights, caps.get(), goal, firstOf);
        boolean ruledOut = search.rulesOut(LOOKS_A_RANGE);
        looks += search.looks();
        if (!ruledOut && search.isSpent() && isNarrow(range)) {
            ruledOut = search.rulesOut(LOOKS_A_NARROW_RANGE);
            looks += search.looks();
        }
        return ruledOut;
    }
}
