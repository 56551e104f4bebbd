package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Closes in on the shortest step from both sides where plans are too many to be enumerated: branch and bound over the
 * slack and the longest stage. A {@link StepRange} of both has the bound of its {@link StepRelaxation}; the range of the
 * lowest bound is halved, again and again, and plans are looked for there, of which the best are polished in simulation. Its
 * budget counts work, so the same request ends the same way on any machine. Confined to one thread.
 */
final class StepProof {

    private static final long MOST_WORK = 10_000_000_000L;
    private static final int FIRST_RANGES = 6;
    private static final int MOST_PATHS = 40;
    private static final int FIRST_PATHS = 150;
    private static final int FEW_RANGES = 4;
    private static final int MANY_RANGES = 12;
    private static final int SPLITS_BETWEEN_LOOKS = 6;
    private static final int SIMULATIONS = 8;
    private static final int POLISHED = 3;
    private static final long POLISHING = 3_000_000L;
    private static final double WORTH_POLISHING = 1.05;
    private static final double NARROW = 0.001;
    private static final double[] GOALS = {1.03, 1.025, 1.02, 1.015, 1.01};
    /** Sums of doubles may be off in their last bits: a bound must not be. */
    static final double ROUNDING = 1 - 1e-9;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final StepCost cost;
    private final long bottleneckBound;
    private final double floor;
    private final double update;
    private final double rounds;
    private final ForwardShares forwards;
    private final PriorityQueue<Proved> ranges = new PriorityQueue<>(Comparator.comparingDouble(Proved::bound));
    private final List<Simulated> simulated = new ArrayList<>();
    private int goal;
    private double step;
    private long work;

    /** A range, a step, but for the update, that none of its plans beats, and how that was proved. */
    record Proved(StepRange range, double bound, StepRelaxation.Proof proof) {}

    private record Simulated(List<StagePlan> stages, long step) {}

    /** The stages found, a bound that no plan beats, and the ranges of all plans that are shorter, where it was proved. */
    record Result(List<StagePlan> stages, long bound, List<Proved> ranges) {
        Result {
            ranges = List.copyOf(ranges);
        }
    }

    private StepProof(CostModel costs, List<StagePlan> found, long bottleneckBound) {
        this.costs = costs;
        this.classes = WorkerClasses.of(costs);
        this.cost = new StepCost(costs);
        this.bottleneckBound = bottleneckBound;
        this.floor = StepFloor.of(costs, bottleneckBound);
        this.update = StepBound.leastUpdate(costs);
        this.rounds = costs.microBatches() - 1;
        this.forwards = ForwardShares.of(costs);
        this.step = Appraisal.step(costs, found);
        simulated.add(new Simulated(found, (long) step));
    }

    static boolean affords(CostModel costs) {
        return StepRelaxation.affords(costs, WorkerClasses.of(costs));
    }

    /** Improves on stages that fit, and proves how far that can go. */
    static Result from(CostModel costs, List<StagePlan> found, long bottleneckBound) {
        StepProof proof = new StepProof(costs, found, bottleneckBound);
        proof.split();
        proof.refine();
        proof.look(MANY_RANGES);
        proof.polish();
        double bound = proof.ranges.element().bound * ROUNDING + proof.update;
        return new Result(
                proof.simulated.get(0).stages,
                (long) Math.floor(Math.min(bound, proof.step)),
                List.copyOf(proof.ranges));
    }

    /** All plans that may be better than the known one, in a few ranges. */
    private void split() {
        double shortest = StepFloor.leastLongest(costs, bottleneckBound);
        // The longest stage keeps its worker, in one direction at least, for half of its time; a link for all of it.
        // Where one
        // worker alone is too slow there is one.
        double link = StepFloor.leastLink(costs) / 2;
        double ofLink = StepBound.fastestAlone(costs) < step ? 0 : link;
        double low = rounds * Math.max(Math.max(bottleneckBound / 2.0, shortest * forwards.ofLonger()), ofLink);
        double high = Math.max(low, step - StepBound.fastestPass(costs));
        StepRange all = new StepRange(low, high, shortest, Math.max(shortest, step / costs.microBatches()));
        ranges.add(proved(
                all,
                floor,
                StepRelaxation.Proof.ofNothing(relaxation(all, floor).weights())));
        while (ranges.size() < FIRST_RANGES && halveLowest()) {}
        look(FEW_RANGES);
    }

    private void refine() {
        for (int i = 1; work < MOST_WORK && halveLowest(); i++) {
            if (i % SPLITS_BETWEEN_LOOKS == 0) {
                look(FEW_RANGES);
            }
            while (goal + 1 < GOALS.length && ranges.element().bound >= enough()) {
                goal++;
            }
        }
    }

    /** A bound with which to go on to other ranges: first of a wide gap to the known step, and then narrower. */
    private double enough() {
        return step / GOALS[goal] - update;
    }

    /** Whether there was anything left to prove. */
    private boolean halveLowest() {
        Proved lowest = ranges.element();
        if (lowest.bound + update >= step / GOALS[GOALS.length - 1] || lowest.range.width(rounds) < NARROW * step) {
            return false;
        }
        ranges.remove();
        ranges.add(proved(lowest.range.lowerHalf(rounds), lowest.bound, lowest.proof));
        ranges.add(proved(lowest.range.upperHalf(rounds), lowest.bound, lowest.proof));
        return true;
    }

    private StepRelaxation relaxation(StepRange range, double known) {
        return new StepRelaxation(costs, classes, forwards, range, known, step);
    }

    private Proved proved(StepRange range, double bound, StepRelaxation.Proof known) {
        if (rounds * forwards.ofLonger() * range.longestLow() > range.slackHigh()) {
            return new Proved(range, StepRelaxation.IMPOSSIBLE, known);
        }
        StepRelaxation relaxation = relaxation(range, bound);
        StepRelaxation.Proof proof =
                relaxation.ascend(known, enough(), known.paths().isEmpty() ? FIRST_PATHS : MOST_PATHS);
        work += relaxation.work();
        return new Proved(range, Math.max(bound, proof.bound()), proof);
    }

    /** Looks for plans in the ranges of the lowest bounds. */
    private void look(int most) {
        List<Proved> lowest = new ArrayList<>(ranges);
        lowest.sort(Comparator.comparingDouble(Proved::bound)
                .thenComparingDouble(proved -> proved.range.slackLow())
                .thenComparingDouble(proved -> proved.range.longestLow()));
        for (Proved proved : lowest.subList(0, Math.min(most, lowest.size()))) {
            if (proved.bound + update < step) {
                StepRelaxation relaxation = relaxation(proved.range, proved.bound);
                StepBeam.plans(relaxation, proved.proof.weights(), step).stream()
                        .sorted(Comparator.comparingLong(this::ownBound))
                        .limit(SIMULATIONS)
                        .forEach(this::offer);
                work += relaxation.work();
            }
        }
    }

    private long ownBound(List<StagePlan> stages) {
        return StepBound.ofPlan(StepTimes.of(costs, stages), costs.microBatches());
    }

    private void offer(List<StagePlan> stages) {
        long found = cost.below((long) (step * WORTH_POLISHING), stages);
        if (found < StepCost.IMPOSSIBLE) {
            simulated.add(new Simulated(stages, found));
            simulated.sort(Comparator.comparingLong(Simulated::step));
            simulated
                    .subList(Math.min(POLISHED, simulated.size()), simulated.size())
                    .clear();
            step = simulated.get(0).step;
        }
    }

    private void polish() {
        for (Simulated plan : List.copyOf(simulated)) {
            offer(StepSearch.polished(costs, plan.stages, bottleneckBound, POLISHING));
        }
    }
}
