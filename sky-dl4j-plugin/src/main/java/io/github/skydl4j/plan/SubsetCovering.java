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
    private static final double ROUNDING = 1e-8;

    private static final int UNREACHED = Integer.MAX_VALUE;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final Prices prices;
    private final int[] weight;
    private final int[] classSize;
    private final int[] first;

    SubsetCovering(CostModel costs, WorkerClasses classes, Prices prices) {
        this.costs = costs;
        this.classes = classes;
        this.prices = prices;
        this.first = new int[Math.toIntExact(classes.subsets())];
        this.weight = new int[classes.count()];
        this.classSize = new int[classes.count()];
        int product = 1;
        for (int c = 0; c < weight.length; c++) {
            weight[c] = product;
            classSize[c] = classes.size(c);
            product *= classSize[c] + 1;
        }
    }

    @Override
    public Optional<List<StagePlan>> within(long bottleneckNanos) {
        Reach reach = Reach.certain(costs, bottleneckNanos);
        return new Question(reach, Earnings.of(costs, classes.workers(), reach, prices)).answer();
    }

    /** One pass over all subsets, each after those that it contains. */
    private final class Question {
        private final Reach reach;
        private final Earnings earnings;
        private final int[][] tables = new int[costs.workers() + 2][];
        private final int[] used = new int[weight.length];
        private int open = (1 << weight.length) - 1;
        private int stages;
        private double remaining;

        Question(Reach reach, Earnings earnings) {
            this.reach = reach;
            this.earnings = earnings;
            for (int c = 0; c < weight.length; c++) {
                remaining += classSize[c] * earnings.deep(c);
            }
        }

        Optional<List<StagePlan>> answer() {
            Arrays.fill(first, UNREACHED);
            first[0] = costs.units();
            extend(0);
            for (int subset = 1; subset < first.length; subset++) {
                countUp();
                if (first[subset] == 0) {
                    return Optional.of(trace(subset));
                }
                if (first[subset] != UNREACHED && canGoOn(first[subset])) {
                    extend(subset);
                }
            }
            return Optional.empty();
        }

        private boolean canGoOn(int start) {
            return prices.before(start) <= remaining + earnings.gainFrom(stages + 1) + ROUNDING;
        }

        /** Adds each class to the subset as the next stage to the front; without branches on what is reached. */
        private void extend(int subset) {
            int[] starts = starts(stages + 1);
            int row = first[subset] * weight.length;
            for (int left = open; left != 0; left &= left - 1) {
                int c = Integer.numberOfTrailingZeros(left);
                int larger = subset + weight[c];
                first[larger] = Math.min(first[larger], starts[row + c]);
            }
        }

        /** Where a stage at the place begins, {@link #UNREACHED} where none fits: for every end, class after class. */
        private int[] starts(int place) {
            if (tables[place] == null) {
                tables[place] = new int[(costs.units() + 1) * weight.length];
                for (int c = 0; c < weight.length; c++) {
                    int[] ofClass = reach.firsts(classes.worker(c), place);
                    for (int end = 0; end < ofClass.length; end++) {
                        tables[place][end * weight.length + c] = ofClass[end] < end ? ofClass[end] : UNREACHED;
                    }
                }
            }
            return tables[place];
        }

        /** The counts of the next subset. */
        private void countUp() {
            int c = 0;
            while (used[c] == classSize[c]) {
                stages -= used[c];
                remaining += used[c] * earnings.deep(c);
                used[c] = 0;
                open |= 1 << c;
                c++;
            }
            used[c]++;
            stages++;
            remaining -= earnings.deep(c);
            if (used[c] == classSize[c]) {
                open &= ~(1 << c);
            }
        }

        private List<StagePlan> trace(int complete) {
            int[] taken = new int[weight.length];
            List<Integer> fromFront = new ArrayList<>();
            int subset = complete;
            for (int place = placesOf(complete); place > 0; place--) {
                int c = front(subset, place);
                fromFront.add(classes.members().get(c).get(taken[c]++));
                subset -= weight[c];
            }
            return OrderedCovering.stagesFromEnd(costs, reach, fromFront);
        }

        private int placesOf(int subset) {
            int places = 0;
            for (int c = 0; c < weight.length; c++) {
                places += count(subset, c);
            }
            return places;
        }

        private int count(int subset, int c) {
            return subset / weight[c] % (classSize[c] + 1);
        }

        /** The first class that reaches as far as the subset does, in front of the others of the subset. */
        private int front(int subset, int place) {
            for (int c = 0; c < weight.length; c++) {
                if (count(subset, c) > 0) {
                    int end = first[subset - weight[c]];
                    if (end != UNREACHED && starts(place)[end * weight.length + c] == first[subset]) {
                        return c;
                    }
                }
            }
            throw new IllegalStateException("the covering lost its own trace at unit " + first[subset]);
        }
    }
}
