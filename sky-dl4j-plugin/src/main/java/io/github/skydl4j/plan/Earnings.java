package io.github.skydl4j.plan;

/**
 * What workers earn at most under given prices and reach, one stage each.
 *
 * <p>A stage near the end of the model keeps fewer micro-batches in flight and so holds more units; but only one stage
 * is the last, one the last but one, and so on. So everyone is counted with the memory of the deepest stage, and for
 * every place behind that the largest gain that anyone has from being there is added once.
 */
final class Earnings {

    private final double[] deep;
    private final double[] typical;
    private final double[] gainFrom;

    private Earnings(double[] deep, double[] typical, double[] gainFrom) {
        this.deep = deep;
        this.typical = typical;
        this.gainFrom = gainFrom;
    }

    /** For these workers; the answers are numbered as they are. */
    static Earnings of(CostModel costs, int[] workers, Reach reach, Prices prices) {
        int deepest = deepest(costs);
        double[] deep = new double[workers.length];
        double[] typical = new double[workers.length];
        for (int i = 0; i < workers.length; i++) {
            deep[i] = most(costs, workers[i], deepest, reach, prices);
            typical[i] = average(costs, workers[i], deepest, reach, prices);
        }
        double[] gainFrom = new double[deepest + 1];
        double gain = 0;
        int counted = 0;
        for (int fromEnd = deepest - 1; fromEnd >= 1; fromEnd--) {
            if (counted != powerOfTwoUpTo(fromEnd)) {
                counted = powerOfTwoUpTo(fromEnd);
                gain = largestGain(costs, workers, deep, counted, reach, prices);
            }
            gainFrom[fromEnd] = gainFrom[fromEnd + 1] + gain;
        }
        return new Earnings(deep, typical, gainFrom);
    }

    /** What the worker of this number earns as a deepest stage. */
    double deep(int number) {
        return deep[number];
    }

    /** What the worker of this number earns as a deepest stage on average over where the stage ends. */
    double typical(int number) {
        return typical[number];
    }

    /** What is to be added for all stages that are not behind the {@code fromEnd}-th from the end. */
    double gainFrom(int fromEnd) {
        return fromEnd < gainFrom.length ? gainFrom[fromEnd] : 0;
    }

    /** What one worker earns at most, as the {@code fromEnd}-th stage from the end. */
    static double most(CostModel costs, int worker, int fromEnd, Reach reach, Prices prices) {
        double best = 0;
        for (int end = 1; end <= costs.units(); end++) {
            if (reach.isLegalCut(end)) {
                best = Math.max(best, prices.of(reach.first(worker, fromEnd, end), end));
            }
        }
        return best;
    }

    private static double average(CostModel costs, int worker, int fromEnd, Reach reach, Prices prices) {
        double sum = 0;
        int cuts = 0;
        for (int end = 1; end <= costs.units(); end++) {
            if (reach.isLegalCut(end)) {
                sum += prices.of(reach.first(worker, fromEnd, end), end);
                cuts++;
            }
        }
        return sum / Math.max(1, cuts);
    }

    /** The place from the end from which on stages keep no more micro-batches in flight; 1 if no memory binds. */
    static int deepest(CostModel costs) {
        for (int worker = 0; worker < costs.workers(); worker++) {
            if (costs.hasMemoryLimit(worker)) {
                int most = costs.leastInFlight(costs.workers());
                return costs.leastInFlight(1) == most ? 1 : most;
            }
        }
        return 1;
    }

    private static double largestGain(
            CostModel costs, int[] workers, double[] deep, int fromEnd, Reach reach, Prices prices) {
        double gain = 0;
        for (int i = 0; i < workers.length; i++) {
            if (costs.hasMemoryLimit(workers[i])) {
                gain = Math.max(gain, most(costs, workers[i], fromEnd, reach, prices) - deep[i]);
            }
        }
        return gain;
    }

    /** Gains are worked out at powers of two, and taken from the one before: it is no smaller. */
    private static int powerOfTwoUpTo(int fromEnd) {
        return Integer.highestOneBit(fromEnd);
    }
}
