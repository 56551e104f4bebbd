package io.github.skydl4j.plan;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rules steps out that {@link StepFloor} does not, since units are whole, memory is what it is, and a worker has one stage:
 * {@link FrontSubsets} are asked for all ranges of the longest stage, each as narrow as it takes. Bounded by a budget of looks.
 * Ranges are asked on several threads; an object is used by one.
 */
final class SubsetFloor {

    private static final int MOST_WORKERS = 22;
    private static final double[] GOALS = {1.0299, 1.025, 1.02};
    private static final int STEPS_ON_THE_WAY = 4;
    /** How many ranges are asked at the same time, on however many processors: what is ruled out is the same on all machines. */
    private static final int AT_ONCE = 4;

    private static final long MOST_LOOKS = 1_000_000_000L;
    private static final double WIDE = 1.01;
    private static final double NARROW = 1.001;
    private static final double ROUNDING = 1e-6;

    private final CostModel costs;
    private final long bottleneckBound;
    private final double leastLongest;
    private final List<FrontSubsets> subsets;

    private SubsetFloor(CostModel costs, long bottleneckBound) {
        this.costs = costs;
        this.bottleneckBound = bottleneckBound;
        this.leastLongest = (double) Math.max(1, StepFloor.leastLongest(costs, bottleneckBound));
        this.subsets =
                Stream.generate(() -> new FrontSubsets(costs)).limit(AT_ONCE).toList();
    }

    static boolean affords(CostModel costs) {
        return costs.workers() <= MOST_WORKERS && costs.microBatches() > 1;
    }

    /**
     * A step that no plan beats: the proved one, or more. It tries the steps on the way to one from which {@code found} is a
     * small gap away, then those of smaller gaps, until one is not ruled out.
     */
    static long raised(CostModel costs, long proved, long found, long bottleneckBound) {
        SubsetFloor floor = new SubsetFloor(costs, bottleneckBound);
        double update = (double) StepBound.leastUpdate(costs);
        double best = (double) proved;
        for (int i = 1; i < STEPS_ON_THE_WAY + GOALS.length; i++) {
            double goal = found / GOALS[Math.max(0, i - STEPS_ON_THE_WAY)];
            double wished = i < STEPS_ON_THE_WAY ? proved + (goal - proved) * i / STEPS_ON_THE_WAY : goal;
            if (wished > best) {
                if (!floor.rulesOut(wished - update)) {
                    break;
                }
                best = wished;
            }
        }
        return (long) Math.floor(best);
    }

    private boolean rulesOut(double step) {
        double most = step / costs.microBatches();
        for (double low = leastLongest; low <= most; low *= Math.pow(WIDE, AT_ONCE)) {
            double first = low;
            long left =
                    MOST_LOOKS - subsets.stream().mapToLong(FrontSubsets::looks).sum();
            boolean ruledOut = IntStream.range(0, AT_ONCE).parallel().allMatch(i -> {
                double shortest = first * Math.pow(WIDE, i);
                FrontSubsets own = subsets.get(i);
                return shortest > most
                        || rulesOut(own, step, shortest, first * Math.pow(WIDE, i + 1), own.looks() + left);
            });
            if (!ruledOut) {
                return false;
            }
        }
        return true;
    }

    /** Whether no plan whose longest stage is in the range has the step: what is not so of a wide range may be so of its halves. */
    private boolean rulesOut(FrontSubsets own, double step, double low, double high, long mostLooks) {
        Optional<StageCaps> caps = StepFloor.caps(costs, bottleneckBound, step, low, high);
        double mostPass = StepFloor.mostPass(costs, bottleneckBound, step, low) * (1 + ROUNDING);
        if (caps.isEmpty() || own.ruleOut(step, caps.get(), low, mostPass, mostLooks)) {
            return true;
        }
        double middle = Math.sqrt(low * high);
        return high > low * NARROW
                && own.looks() <= mostLooks
                && rulesOut(own, step, low, middle, mostLooks)
                && rulesOut(own, step, middle, high, mostLooks);
    }
}
