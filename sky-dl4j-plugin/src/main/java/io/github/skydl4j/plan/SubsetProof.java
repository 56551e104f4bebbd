package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/**
 * Raises the proved bound of the step, range by range: the range of the lowest bound is asked by {@link SubsetSearch} whether
 * it has a plan whose step is a little longer, and if it has none, asked again for a longer one. Where the answer costs too
 * much the range is halved, in the slack or the longest stage, whichever raises the lower bound of the halves more, and a half
 * may cost twice as much; so most is spent where the search is hard. It begins with wide ranges of the slack and not with those
 * of {@link StepProof}, which needs narrower ones. Ends when the bound is close to the known step, when a narrow range has such
 * a plan, as far as is known, or when the budget of work is spent. Confined to one thread.
 */
final class SubsetProof {

    private static final double CLOSE = 1.02;
    /** A gap of three per cent, with room for rounding. */
    private static final double GOAL = 1.0299;

    private static final double RAISED_BY = 0.005;
    private static final double NARROW = 0.001;
    private static final double NARROW_LONGEST = 0.01;
    private static final int PATHS = 10;
    private static final long FIRST_LOOKS = 2_000_000L;
    private static final int MORE_LOOKS = 2;
    private static final long MOST_LOOKS_A_RANGE = 200_000_000L;
    private static final long MOST_LOOKS = 2_000_000_000L;
    private static final long MOST_WORK = 8_000_000_000L;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final ForwardShares forwards;
    private final long bottleneckBound;
    private final double step;
    private final double rounds;
    private final int[] firstOf;
    private final PriorityQueue<Asked> ranges = new PriorityQueue<>(Comparator.comparingDouble(Asked::bound));
    private long looks;
    private long work;

    /** A range, what is proved of it, and how many looks its next question may cost. */
    private record Asked(StepProof.Proved proved, long mostLooks) {

        double bound() {
            return proved.bound();
        }

        StepRange range() {
            return proved.range();
        }
    }

    private SubsetProof(CostModel costs, List<StepProof.Proved> known, double step, long bottleneckBound) {
        this.costs = costs;
        this.classes = WorkerClasses.of(costs);
        this.forwards = ForwardShares.of(costs);
        this.bottleneckBound = bottleneckBound;
        this.step = step;
        this.rounds = costs.microBatches() - 1;
        this.firstOf = SubsetSearch.table(costs);
        WideRanges.of(known, step).forEach(range -> ranges.add(new Asked(range, FIRST_LOOKS)));
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
        Asked lowest = ranges.element();
        if (lowest.bound() >= step / CLOSE || looks >= MOST_LOOKS || work >= MOST_WORK) {
            return false;
        }
        ranges.remove();
        double goal = goal(lowest.bound());
        StepRange range = lowest.range();
        StepRelaxation relaxation = relaxation(range, lowest.bound(), goal);
        StepRelaxation.Proof proof = relaxation.ascend(lowest.proved.proof(), goal, PATHS);
        double bound = Math.max(lowest.bound(), Math.min(goal, proof.bound()));
        boolean undecided = bound < goal && !rulesOut(relaxation, proof.weights(), goal, lowest.mostLooks);
        work += relaxation.work();
        StepProof.Proved proved = new StepProof.Proved(range, undecided ? bound : goal, proof);
        boolean narrow = isNarrow(range);
        if (undecided && !narrow) {
            halve(proved, goal, MORE_LOOKS * lowest.mostLooks);
        } else {
            ranges.add(new Asked(proved, undecided ? MORE_LOOKS * lowest.mostLooks : lowest.mostLooks));
        }
        return !undecided || !narrow || lowest.mostLooks < MOST_LOOKS_A_RANGE;
    }

    private StepRelaxation relaxation(StepRange range, double known, double goal) {
        return new StepRelaxation(costs, classes, forwards, range, known, goal);
    }

    private void halve(StepProof.Proved proved, double goal, long mostLooks) {
        StepRange range = proved.range();
        List<List<StepProof.Proved>> ways = new ArrayList<>();
        if (range.slackHigh() - range.slackLow() >= NARROW * step) {
            ways.add(List.of(half(proved, range.lowerSlacks(), goal), half(proved, range.higherSlacks(), goal)));
        }
        if (range.longestHigh() - range.longestLow() >= NARROW_LONGEST * range.longestLow()) {
            ways.add(List.of(half(proved, range.shorterLongest(), goal), half(proved, range.longerLongest(), goal)));
        }
        ways.stream()
                .max(Comparator.comparingDouble(SubsetProof::lowestBound))
                .orElseThrow()
                .forEach(half -> ranges.add(new Asked(half, mostLooks)));
    }

    private static double lowestBound(List<StepProof.Proved> halves) {
        return Math.min(halves.get(0).bound(), halves.get(1).bound());
    }

    private StepProof.Proved half(StepProof.Proved of, StepRange range, double goal) {
        StepRelaxation relaxation = relaxation(range, of.bound(), goal);
        StepRelaxation.Proof proof = relaxation.ascend(of.proof(), goal, PATHS);
        work += relaxation.work();
        return new StepProof.Proved(range, Math.max(of.bound(), Math.min(goal, proof.bound())), proof);
    }

    /** The next of the bounds that are tried, among which is the one that leaves the gap that is wished for. */
    private double goal(double bound) {
        double missing = step / bound - GOAL;
        double left = missing > 0 ? Math.max(0, missing - RAISED_BY) : missing - RAISED_BY;
        return Math.min(step / CLOSE, step / (GOAL + left));
    }

    private boolean isNarrow(StepRange range) {
        return range.slackHigh() - range.slackLow() < NARROW * step
                && range.longestHigh() - range.longestLow() < NARROW_LONGEST * range.longestLow();
    }

    private boolean rulesOut(StepRelaxation relaxation, StepWeights weights, double goal, long mostLooks) {
        StepRange range = relaxation.range();
        Optional<StageCaps> caps =
                StepFloor.caps(costs, bottleneckBound, goal, range.longestLow(), range.longestHigh());
        if (caps.isEmpty() || rounds * forwards.ofLonger() * range.longestLow() > range.slackHigh()) {
            return true;
        }
        SubsetSearch search = new SubsetSearch(relaxation, weights, caps.get(), goal, firstOf);
        boolean ruledOut = search.rulesOut(mostLooks);
        looks += search.looks();
        return ruledOut;
    }
}
