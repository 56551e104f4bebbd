package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;

/**
 * Raises the proved bound of the step, range by range: the range of the lowest bound is asked by {@link SubsetSearch} whether
 * it has a plan whose step is a little longer, and if it has none, asked again for a longer one. Where the answer costs too
 * much the range is halved, in the slack or the longest stage, whichever raises the lower bound of the halves more, and a half
 * may cost twice as much; so most is spent where the search is hard. It begins with wide ranges of the slack and not with those
 * of {@link StepProof}, which needs narrower ones. Ends when the bound is close to the known step, when a narrow range has such
 * a plan, as far as is known, or when the budget of work is spent. Ranges are asked on several threads; an object is used by one.
 */
final class SubsetProof {

    private static final double CLOSE = 1.02;
    /** A gap of three per cent, with room for rounding. */
    private static final double GOAL = 1.0299;
    /** Where the bound is farther away than this, less is spent: the goal is out of reach. */
    private static final double FAR = 1.05;

    private static final double RAISED_BY = 0.005;
    private static final double LEAST_RISE = 0.25;
    private static final double NARROW = 0.001;
    private static final double NARROW_LONGEST = 0.01;
    private static final int PATHS = 30;
    /** How many ranges are asked at the same time, on however many processors: what is proved is the same on all machines. */
    private static final int AT_ONCE = 4;

    /** What labels may differ by and count as one, in shares of the step: at first, and where that could not rule a range out. */
    private static final List<Double> MERGED = List.of(0.001, 0.0003, 0.0);

    private static final long FIRST_LOOKS = 500_000L;
    private static final int MORE_LOOKS = 2;
    private static final long MOST_LOOKS_A_RANGE = 1_000_000_000L;
    private static final long MOST_LOOKS = 10_000_000_000L;
    private static final long MOST_LOOKS_NEAR = 1_500_000_000L;
    private static final long MOST_LOOKS_FAR = 700_000_000L;
    private static final int WORK_A_LOOK = 10;
    private static final int MOST_REACHED = 10;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final ForwardShares forwards;
    private final long bottleneckBound;
    private final double step;
    private final double rounds;
    private final PriorityQueue<Asked> ranges = new PriorityQueue<>(Comparator.comparingDouble(Asked::bound));
    private final Set<List<StagePlan>> reached = new LinkedHashSet<>();
    private long looks;
    private long work;

    /** A step that no plan beats, and plans that meet nearly all conditions, some of which may be shorter than the known one. */
    record Result(long bound, List<List<StagePlan>> reached) {}

    /**
     * A range, what is proved of it, and how its next question is asked: which labels count as one, for what share of the usual
     * rise, and how many looks it may cost; and whether none is worth it.
     */
    private record Asked(StepProof.Proved proved, int merging, double rise, long mostLooks, boolean done) {

        Asked(StepProof.Proved proved, int merging, long mostLooks) {
            this(proved, merging, 1, mostLooks, false);
        }

        Asked of(StepProof.Proved other) {
            return new Asked(other, merging, rise, mostLooks, done);
        }

        /** The next question about a narrow range that has a plan, as far as the last one could say: what may rule it out. */
        Asked closer(StepProof.Proved other) {
            if (finer() > merging) {
                return new Asked(other, finer(), rise, mostLooks, false);
            }
            return new Asked(other, merging, rise / 2, mostLooks, rise <= LEAST_RISE);
        }

        /** The next question about a narrow range of which the last one could not say anything. */
        Asked longer(StepProof.Proved other) {
            long next = MORE_LOOKS * mostLooks;
            return new Asked(other, finer(), rise, next, next > MOST_LOOKS_A_RANGE);
        }

        int finer() {
            return Math.min(merging + 1, MERGED.size() - 1);
        }

        double bound() {
            return proved.bound();
        }

        StepRange range() {
            return proved.range();
        }
    }

    /** What is proved of a half of a range, and what that has cost. */
    private record Half(StepProof.Proved proved, long work) {}

    /** What has become of a range, and what that has cost. */
    private record Answer(List<Asked> ranges, Optional<List<StagePlan>> reached, long looks, long work) {}

    private SubsetProof(CostModel costs, List<StepProof.Proved> known, double step, long bottleneckBound) {
        this.costs = costs;
        this.classes = WorkerClasses.of(costs);
        this.forwards = ForwardShares.of(costs);
        this.bottleneckBound = bottleneckBound;
        this.step = step;
        this.rounds = costs.microBatches() - 1;
        WideRanges.of(known, step).forEach(range -> ranges.add(new Asked(range, 0, FIRST_LOOKS)));
    }

    static boolean affords(CostModel costs) {
        return costs.workers() <= SubsetSearch.MOST_WORKERS && costs.microBatches() > 1 && StepProof.affords(costs);
    }

    /**
     * Raises what is proved of plans that are shorter than a known one.
     *
     * @param ranges of all of them
     * @param found the step of the known one
     */
    static Result from(CostModel costs, List<StepProof.Proved> ranges, long found, long bottleneckBound) {
        long update = StepBound.leastUpdate(costs);
        SubsetProof proof = new SubsetProof(costs, ranges, (double) (found - update), bottleneckBound);
        while (proof.raise()) {}
        double bound = Math.min(proof.step, proof.ranges.element().bound() * StepProof.ROUNDING);
        List<List<StagePlan>> shortest = proof.reached.stream()
                .sorted(Comparator.comparingDouble(stages -> BoundAnnealing.bound(costs, stages)))
                .limit(MOST_REACHED)
                .toList();
        return new Result(update + (long) Math.floor(bound), shortest);
    }

    /** Asks the ranges of the lowest bounds at the same time; whether there was anything to ask. */
    private boolean raise() {
        List<Asked> lowest = new ArrayList<>();
        while (lowest.size() < AT_ONCE
                && !ranges.isEmpty()
                && ranges.element().bound() < step / CLOSE
                && !ranges.element().done) {
            lowest.add(ranges.remove());
        }
        if (lowest.isEmpty() || isSpent(lowest.get(0).bound())) {
            ranges.addAll(lowest);
            return false;
        }
        for (Answer answer : lowest.parallelStream().map(this::ask).toList()) {
            ranges.addAll(answer.ranges);
            answer.reached.ifPresent(reached::add);
            looks += answer.looks;
            work += answer.work;
        }
        return true;
    }

    /** Most is spent where the goal is neither reached nor far away. */
    private boolean isSpent(double bound) {
        long most = bound < step / FAR ? MOST_LOOKS_FAR : bound < step / GOAL ? MOST_LOOKS : MOST_LOOKS_NEAR;
        return Math.max(looks, work / WORK_A_LOOK) >= most;
    }

    /** Does not change this object. */
    private Answer ask(Asked asked) {
        double goal = asked.bound() + asked.rise * (goal(asked.bound()) - asked.bound());
        StepRange range = asked.range();
        StepRelaxation relaxation = relaxation(range, asked.bound(), goal);
        StepRelaxation.Proof proof = relaxation.ascend(asked.proved.proof(), goal, PATHS);
        Optional<StageCaps> caps =
                StepFloor.caps(costs, bottleneckBound, goal, range.longestLow(), range.longestHigh());
        if (proof.bound() >= goal
                || caps.isEmpty()
                || rounds * forwards.ofLonger() * range.longestLow() > range.slackHigh()) {
            return ruledOut(asked, goal, proof, 0, relaxation.work());
        }
        SubsetSearch search = new SubsetSearch(
                relaxation, proof.weights(), caps.get(), goal, SubsetSearch.table(costs), MERGED.get(asked.merging));
        if (search.rulesOut(asked.mostLooks)) {
            return ruledOut(asked, goal, proof, search.looks(), relaxation.work());
        }
        StepProof.Proved proved = new StepProof.Proved(range, Math.max(asked.bound(), proof.bound()), proof);
        boolean isReached = search.reached().isPresent();
        if (isNarrow(range)) {
            Asked again = isReached ? asked.closer(proved) : asked.longer(proved);
            return new Answer(List.of(again), search.reached(), search.looks(), relaxation.work());
        }
        long next = isReached ? asked.mostLooks : MORE_LOOKS * asked.mostLooks;
        int merging = isReached ? asked.finer() : asked.merging;
        List<List<Half>> ways = ways(proved, goal);
        long work = ways.stream().flatMap(List::stream).mapToLong(Half::work).sum();
        List<Asked> halves =
                ways.stream().max(Comparator.comparingDouble(SubsetProof::lowestBound)).orElseThrow().stream()
                        .map(half -> new Asked(half.proved, merging, next))
                        .toList();
        return new Answer(halves, search.reached(), search.looks(), relaxation.work() + work);
    }

    private static Answer ruledOut(Asked asked, double goal, StepRelaxation.Proof proof, long looks, long work) {
        StepProof.Proved proved = new StepProof.Proved(asked.range(), goal, proof);
        return new Answer(List.of(asked.of(proved)), Optional.empty(), looks, work);
    }

    private StepRelaxation relaxation(StepRange range, double known, double goal) {
        return new StepRelaxation(costs, classes, forwards, range, known, goal);
    }

    /** The halves of the range in the slack, and those in the longest stage, as far as it is not narrow already. */
    private List<List<Half>> ways(StepProof.Proved proved, double goal) {
        StepRange range = proved.range();
        List<List<Half>> ways = new ArrayList<>();
        if (range.slackHigh() - range.slackLow() >= NARROW * step) {
            ways.add(List.of(half(proved, range.lowerSlacks(), goal), half(proved, range.higherSlacks(), goal)));
        }
        if (range.longestHigh() - range.longestLow() >= NARROW_LONGEST * range.longestLow()) {
            ways.add(List.of(half(proved, range.shorterLongest(), goal), half(proved, range.longerLongest(), goal)));
        }
        return ways;
    }

    private static double lowestBound(List<Half> halves) {
        return halves.stream().mapToDouble(half -> half.proved.bound()).min().orElseThrow();
    }

    private Half half(StepProof.Proved of, StepRange range, double goal) {
        StepRelaxation relaxation = relaxation(range, of.bound(), goal);
        StepRelaxation.Proof proof = relaxation.ascend(of.proof(), goal, PATHS);
        double bound = Math.max(of.bound(), Math.min(goal, proof.bound()));
        return new Half(new StepProof.Proved(range, bound, proof), relaxation.work());
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
}
