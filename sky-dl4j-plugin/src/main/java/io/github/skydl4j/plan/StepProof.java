package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Closes in on the shortest step from both sides where plans are too many to be enumerated: branch and bound over the
 * slack. A range of slacks has the bound of its {@link StepRelaxation}; the range of the lowest bound is halved, again
 * and again, and plans are looked for there, of which the best are polished in simulation. Its budget counts work, so
 * the same request ends the same way on any machine. Confined to one thread.
 */
final class StepProof {

    private static final long MOST_WORK = 600_000_000L;
    private static final int FIRST_RANGES = 6;
    private static final int MOST_PATHS = 200;
    private static final int FEW_RANGES = 4;
    private static final int MANY_RANGES = 12;
    private static final int SPLITS_BETWEEN_LOOKS = 6;
    private static final int SIMULATIONS = 8;
    private static final int POLISHED = 3;
    private static final long POLISHING = 3_000_000L;
    private static final double WORTH_POLISHING = 1.05;
    private static final double NARROW = 0.002;
    private static final double ROUNDING = 1 - 1e-9;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final StepCost cost;
    private final long bottleneckBound;
    private final double floor;
    private final double update;
    private final PriorityQueue<Range> ranges = new PriorityQueue<>(Comparator.comparingDouble(Range::bound));
    private final List<Simulated> simulated = new ArrayList<>();
    private double step;
    private long work;

    /** Slacks in [low, high], and a step, but for the update, that no plan with such a slack beats. */
    private record Range(double low, double high, double bound, StepWeights weights) {}

    private record Simulated(List<StagePlan> stages, long step) {}

    /** The stages found and a bound that no plan beats. */
    record Result(List<StagePlan> stages, long bound) {}

    private StepProof(CostModel costs, List<StagePlan> found, long bottleneckBound) {
        this.costs = costs;
        this.classes = WorkerClasses.of(costs);
        this.cost = new StepCost(costs);
        this.bottleneckBound = bottleneckBound;
        this.floor = StepFloor.of(costs, bottleneckBound);
        this.update = StepBound.leastUpdate(costs);
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
        return new Result(proof.simulated.get(0).stages, (long) Math.floor(Math.min(bound, proof.step)));
    }

    /** All slacks that a plan better than the known one can have, in a few ranges. */
    private void split() {
        // The longest stage keeps its worker, in one direction at least, for half of its time; a link for all of it.
        double low = (costs.microBatches() - 1) * bottleneckBound / 2.0;
        double high = Math.max(low, step - StepBound.fastestPass(costs));
        StepWeights weights = relaxation(low, high).weights();
        int count = low == high || costs.microBatches() == 1 ? 1 : FIRST_RANGES;
        for (int i = 0; i < count; i++) {
            Range range = proved(low + (high - low) * i / count, low + (high - low) * (i + 1) / count, floor, weights);
            ranges.add(range);
            weights = range.weights;
        }
        look(FEW_RANGES);
    }

    private void refine() {
        for (int i = 1; work < MOST_WORK; i++) {
            Range lowest = ranges.element();
            if (lowest.bound + update >= step || lowest.high - lowest.low < NARROW * step) {
                return;
            }
            ranges.remove();
            double middle = (lowest.low + lowest.high) / 2;
            ranges.add(proved(lowest.low, middle, lowest.bound, lowest.weights));
            ranges.add(proved(middle, lowest.high, lowest.bound, lowest.weights));
            if (i % SPLITS_BETWEEN_LOOKS == 0) {
                look(FEW_RANGES);
            }
        }
    }

    private StepRelaxation relaxation(double low, double high) {
        return new StepRelaxation(costs, classes, low, high, floor);
    }

    private Range proved(double low, double high, double known, StepWeights weights) {
        StepRelaxation relaxation = relaxation(low, high);
        StepRelaxation.Proof proof = relaxation.ascend(weights, step, MOST_PATHS);
        work += relaxation.work();
        return new Range(low, high, Math.max(known, proof.bound()), proof.weights());
    }

    /** Looks for plans in the ranges of the lowest bounds. */
    private void look(int most) {
        List<Range> lowest = new ArrayList<>(ranges);
        lowest.sort(Comparator.comparingDouble(Range::bound).thenComparingDouble(Range::low));
        for (Range range : lowest.subList(0, Math.min(most, lowest.size()))) {
            if (range.bound + update < step) {
                StepRelaxation relaxation = relaxation(range.low, range.high);
                StepBeam.plans(relaxation, range.weights, step).stream()
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
