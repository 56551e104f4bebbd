package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Closes in on the shortest step from both sides where plans are too many to be enumerated: branch and bound over the
 * slack. A range of slacks has the bound of its {@link StepRelaxation}; the range of the lowest bound is halved, again
 * and again, and plans are looked for there. Its budget counts work, so the same request ends the same way on any
 * machine. Confined to one thread.
 */
final class StepProof {

    private static final long MOST_WORK = 900_000_000L;
    private static final int FIRST_RANGES = 6;
    private static final int FIRST_STEPS = 200;
    private static final int STEPS = 150;
    private static final int LOOKS = 4;
    private static final int SIMULATIONS = 8;
    private static final double NARROW = 0.002;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final StepCost cost;
    private final double floor;
    private final PriorityQueue<Range> ranges = new PriorityQueue<>(Comparator.comparingDouble(Range::bound));
    private List<StagePlan> best;
    private double step;
    private long work;

    /** Slacks in [low, high], and a step that no plan with such a slack beats. */
    private record Range(double low, double high, double bound, StepWeights weights) {}

    /** The stages found and a bound that no plan beats. */
    record Result(List<StagePlan> stages, long bound) {}

    private StepProof(CostModel costs, List<StagePlan> found, double floor) {
        this.costs = costs;
        this.classes = WorkerClasses.of(costs);
        this.cost = new StepCost(costs);
        this.floor = floor;
        this.best = found;
        this.step = Appraisal.step(costs, found);
    }

    static boolean affords(CostModel costs) {
        return StepRelaxation.affords(costs, WorkerClasses.of(costs));
    }

    /** Improves on stages that fit, and proves how far that can go. */
    static Result from(CostModel costs, List<StagePlan> found, long bottleneckBound) {
        long floor = StepFloor.of(costs, bottleneckBound);
        StepProof proof = new StepProof(costs, found, floor);
        // The longest stage keeps its worker, in one direction at least, for half of its time; a link for all of it.
        double least = (costs.microBatches() - 1) * bottleneckBound / 2.0;
        proof.split(least, Math.max(least, proof.step - StepBound.fastestPass(costs)));
        proof.refine();
        if (DBG) System.out.printf("   LB %.4f floor %.4f best own bound %.4f of step %.1f; work %dM, range %.3f-%.3f, ranges %d%n",proof.ranges.element().bound/proof.step,floor/proof.step,proof.leastOwn/proof.step,proof.step/1e6,proof.work/1000000,proof.ranges.element().low/proof.step,proof.ranges.element().high/proof.step,proof.ranges.size());
        double bound = Math.max(floor, proof.ranges.element().bound * (1 - 1e-9));
        return new Result(proof.best, (long) Math.floor(Math.min(bound, proof.step)));
    }

    private void split(double low, double high) {
        StepWeights weights = relaxation(low, high).weights();
        int count = low == high ? 1 : FIRST_RANGES;
        double ratio = low <= 0 ? 1 : Math.pow(high / low, 1.0 / count);
        double start = low;
        for (int i = 1; i <= count; i++) {
            double end = i == count ? high : start * ratio;
            Range range = proved(start, end, 0, weights, FIRST_STEPS);
            ranges.add(range);
            weights = range.weights;
            start = end;
        }
        look();
    }

    private void refine() {
        for (int i = 1; work < MOST_WORK; i++) {
            Range lowest = ranges.element();
            if (lowest.bound >= step || lowest.high - lowest.low < NARROW * step) {
                break;
            }
            ranges.remove();
            double middle = (lowest.low + lowest.high) / 2;
            ranges.add(proved(lowest.low, middle, lowest.bound, lowest.weights, STEPS));
            ranges.add(proved(middle, lowest.high, lowest.bound, lowest.weights, STEPS));
            if (i % 6 == 0) {
                look();
            }
        }
        look();
    }

    private StepRelaxation relaxation(double low, double high) {
        return new StepRelaxation(costs, classes, low, high, floor);
    }

    private Range proved(double low, double high, double known, StepWeights weights, int steps) {
        StepRelaxation relaxation = relaxation(low, high);
        StepRelaxation.Proof proof = relaxation.ascend(weights, step, steps);
        work += relaxation.work();
        double bound = Math.max(Math.max(known, proof.bound()), floor);
        return new Range(low, high, bound, proof.weights());
    }

    /** Looks for plans in the ranges of the lowest bounds. */
    private void look() {
        List<Range> lowest = new ArrayList<>(ranges);
        lowest.sort(Comparator.comparingDouble(Range::bound));
        for (Range range : lowest.subList(0, Math.min(LOOKS, lowest.size()))) {
            if (range.bound < step) {
                StepRelaxation relaxation = relaxation(range.low, range.high);
                StepBeam.plans(relaxation, range.weights, step).stream()
                        .sorted(Comparator.comparingLong(this::ownBound))
                        .limit(SIMULATIONS)
                        .forEach(this::offer);
                work += relaxation.work();
            }
        }
    }

    static boolean DBG=Boolean.getBoolean("dbg"); double leastOwn=1e300; static List<StagePlan> leastPlan=List.of();
    private long ownBound(List<StagePlan> stages) {
        long ob=StepBound.ofPlan(StepTimes.of(costs, stages), costs.microBatches()); if(ob<leastOwn){leastOwn=ob; leastPlan=stages;}
        return StepBound.ofPlan(StepTimes.of(costs, stages), costs.microBatches());
    }

    private void offer(List<StagePlan> stages) {
        long found = cost.below((long) step, stages);
        if (found < step) {
            step = found;
            best = stages;
        }
    }
}
