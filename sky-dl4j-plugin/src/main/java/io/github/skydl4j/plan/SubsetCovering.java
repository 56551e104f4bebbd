package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Exact for workers in any order, any of which may be left out.
 *
 * <p>Stages are laid from the end of the model to its front, since the micro-batches that a stage keeps in flight
 * depend on the number of stages behind it. For every subset of workers only the farthest unit it can reach matters:
 * whoever reaches farther can do all that others can. Equal workers form a class, and a subset is a count per class,
 * written as a number in mixed radix; so m workers of one kind cost a factor of m + 1 and not of 2^m. A subset whose
 * remaining workers cannot earn the price of the remaining units is dropped. A question is O(subsets x classes) at
 * most, far less near the optimum.
 */
final class SubsetCovering implements Covering {

    /** Prices are sums of doubles; a subset is dropped only if it is short by more than their error. */
    private static final double ROUNDING = 1e-9;

    private static final int UNREACHED = Integer.MAX_VALUE;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final Prices prices;
    private final int[] weight;
    private final int[] first;
    private final byte[] lastAdded;
    private final int[][][] tables;

    SubsetCovering(CostModel costs, WorkerClasses classes, Prices prices) {
        this.costs = costs;
        this.classes = classes;
        this.prices = prices;
        this.first = new int[Math.toIntExact(classes.subsets())];
        this.lastAdded = new byte[first.length];
        this.tables = new int[costs.workers() + 2][][];
        this.weight = new int[classes.count()];
        int product = 1;
        for (int c = 0; c < weight.length; c++) {
            weight[c] = product;
            product *= classes.size(c) + 1;
        }
    }

    @Override
    public Optional<List<StagePlan>> within(long bottleneckNanos) {
        Reach reach = Reach.certain(costs, bottleneckNanos);
        Earnings earnings = Earnings.of(costs, classes.workers(), reach, prices);
        Arrays.fill(first, UNREACHED);
        Arrays.fill(tables, new int[0][]);
        first[0] = costs.units();
        int[] used = new int[weight.length];
        for (int subset = 0; subset < first.length; subset++) {
            if (first[subset] != UNREACHED) {
                int complete = extend(reach, earnings, subset, used);
                if (complete >= 0) {
                    return Optional.of(trace(reach, complete));
                }
            }
            countUp(used);
        }
        return Optional.empty();
    }

    /** Adds each class to the subset as the next stage to the front; the subset that covers all, or -1. */
    private int extend(Reach reach, Earnings earnings, int subset, int[] used) {
        int stages = 1;
        double remaining = ROUNDING;
        for (int c = 0; c < used.length; c++) {
            stages += used[c];
            remaining += (classes.size(c) - used[c]) * earnings.deep(c);
        }
        remaining += earnings.gainFrom(stages + 1);
        int[][] rows = rows(reach, stages);
        int end = first[subset];
        for (int c = 0; c < weight.length; c++) {
            if (used[c] == classes.size(c)) {
                continue;
            }
            int start = rows[c][end];
            int larger = subset + weight[c];
            if (start < end && start < first[larger] && prices.before(start) <= remaining - earnings.deep(c)) {
                first[larger] = start;
                lastAdded[larger] = (byte) c;
                if (start == 0) {
                    return larger;
                }
            }
        }
        return -1;
    }

    private int[][] rows(Reach reach, int stages) {
        if (tables[stages].length == 0) {
            tables[stages] = new int[weight.length][];
            for (int c = 0; c < weight.length; c++) {
                tables[stages][c] = reach.firsts(classes.worker(c), stages);
            }
        }
        return tables[stages];
    }

    /** The counts of the next subset. */
    private void countUp(int[] used) {
        for (int c = 0; c < used.length; c++) {
            if (used[c] < classes.size(c)) {
                used[c]++;
                return;
            }
            used[c] = 0;
        }
    }

    private List<StagePlan> trace(Reach reach, int subset) {
        int[] used = new int[weight.length];
        List<Integer> fromFront = new ArrayList<>();
        for (int left = subset; left > 0; left -= weight[lastAdded[left]]) {
            int c = lastAdded[left];
            fromFront.add(classes.members().get(c).get(used[c]++));
        }
        return OrderedCovering.stagesFromEnd(costs, reach, fromFront);
    }
}
