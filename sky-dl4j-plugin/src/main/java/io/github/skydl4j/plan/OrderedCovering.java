package io.github.skydl4j.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Exact for workers in a given order, any of which may be left out: the farthest that the last workers can reach from
 * the end of the model, for every number of them used. O(workers x stages) a question, besides the tables.
 */
final class OrderedCovering implements Covering {

    private final CostModel costs;
    private final List<Integer> order;

    OrderedCovering(CostModel costs, List<Integer> order) {
        this.costs = costs;
        this.order = List.copyOf(order);
    }

    @Override
    public Optional<List<StagePlan>> within(long bottleneckNanos) {
        Reach reach = Reach.certain(costs, bottleneckNanos);
        int[] first = new int[order.size() + 1];
        Arrays.fill(first, costs.units());
        List<boolean[]> taken = new ArrayList<>();
        int used = 0;
        for (int i = order.size() - 1; i >= 0; i--) {
            taken.add(put(reach, order.get(i), first, used));
            used = Math.min(used + 1, costs.units());
            for (int stages = 1; stages <= used; stages++) {
                if (first[stages] == 0) {
                    return Optional.of(trace(reach, taken, stages));
                }
            }
        }
        return Optional.empty();
    }

    /** Offers the worker as the next stage to the front, for every number of stages behind it. */
    private boolean[] put(Reach reach, int worker, int[] first, int used) {
        boolean[] took = new boolean[used + 2];
        for (int stages = Math.min(used, first.length - 2); stages >= 0; stages--) {
            int start = reach.first(worker, stages + 1, first[stages]);
            if (start < first[stages] && start < first[stages + 1]) {
                first[stages + 1] = start;
                took[stages + 1] = true;
            }
        }
        return took;
    }

    private List<StagePlan> trace(Reach reach, List<boolean[]> taken, int stages) {
        List<Integer> fromFront = new ArrayList<>();
        int left = stages;
        for (int step = taken.size() - 1; left > 0; step--) {
            boolean[] took = taken.get(step);
            if (left < took.length && took[left]) {
                fromFront.add(order.get(order.size() - 1 - step));
                left--;
            }
        }
        return stagesFromEnd(costs, reach, fromFront);
    }

    /** The stages on these workers, each as long as it can be from the last backwards. */
    static List<StagePlan> stagesFromEnd(CostModel costs, Reach reach, List<Integer> fromFront) {
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
