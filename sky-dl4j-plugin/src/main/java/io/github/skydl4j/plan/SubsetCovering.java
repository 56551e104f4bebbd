package io.github.skydl4j.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Exact for workers in any order, any of which may be left out.
 *
 * <p>Stages are laid from the end of the model to its front, since the micro-batches that a stage keeps in flight
 * depend on the number of stages behind it. For every subset of workers only the farthest unit it can reach matters:
 * whoever reaches farther can do all that others can. Equal workers form a class, and a subset is a count per class,
 * written as a number in mixed radix; so m workers of one kind cost a factor of m + 1 and not of 2^m. A question is
 * O(subsets x classes x log units).
 */
final class SubsetCovering implements Covering {

    private final CostModel costs;
    private final WorkerClasses classes;
    private final int subsets;
    private final int[] weight;

    SubsetCovering(CostModel costs, WorkerClasses classes) {
        this.costs = costs;
        this.classes = classes;
        this.subsets = Math.toIntExact(classes.subsets());
        this.weight = new int[classes.count()];
        int product = 1;
        for (int c = 0; c < weight.length; c++) {
            weight[c] = product;
            product *= classes.size(c) + 1;
        }
    }

    @Override
    public Optional<List<StagePlan>> within(long bottleneckNanos) {
        Reach reach = new Reach(costs, bottleneckNanos);
        int[] first = new int[subsets];
        byte[] lastAdded = new byte[subsets];
        Arrays.fill(first, Integer.MAX_VALUE);
        first[0] = costs.units();
        for (int subset = 0; subset < subsets; subset++) {
            if (first[subset] == Integer.MAX_VALUE) {
                continue;
            }
            int stages = stagesIn(subset);
            for (int c = 0; c < weight.length; c++) {
                if (used(subset, c) < classes.size(c)) {
                    int start = reach.first(classes.members().get(c).get(0), stages + 1, first[subset]);
                    int larger = subset + weight[c];
                    if (start < first[subset] && start < first[larger]) {
                        first[larger] = start;
                        lastAdded[larger] = (byte) c;
                        if (start == 0) {
                            return Optional.of(trace(reach, lastAdded, larger));
                        }
                    }
                }
            }
        }
        return Optional.empty();
    }

    private int used(int subset, int c) {
        return subset / weight[c] % (classes.size(c) + 1);
    }

    private int stagesIn(int subset) {
        int stages = 0;
        for (int c = 0; c < weight.length; c++) {
            stages += used(subset, c);
        }
        return stages;
    }

    private List<StagePlan> trace(Reach reach, byte[] lastAdded, int subset) {
        List<Integer> fromFront = new ArrayList<>();
        for (int left = subset; left > 0; left -= weight[lastAdded[left]]) {
            fromFront.add(classes.members().get(lastAdded[left]).get(used(left, lastAdded[left]) - 1));
        }
        Deque<StagePlan> stages = new ArrayDeque<>();
        int end = costs.units();
        for (int i = fromFront.size() - 1; i >= 0; i--) {
            int start = reach.first(fromFront.get(i), stages.size() + 1, end);
            stages.addFirst(new StagePlan(fromFront.get(i), start, end));
            end = start;
        }
        return List.copyOf(stages);
    }
}
