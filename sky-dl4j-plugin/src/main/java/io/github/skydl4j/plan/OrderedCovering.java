package io.github.skydl4j.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Exact for workers in a given order, any of which may be left out: the farthest that the last workers can reach from
 * the end of the model, for every number of them used. O(workers^2 log units) a question.
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
        Reach reach = new Reach(costs, bottleneckNanos);
        int[] first = new int[order.size() + 1];
        Arrays.fill(first, costs.units());
        List<boolean[]> taken = new ArrayList<>();
        int used = 0;
        for (int i = order.size() - 1; i >= 0; i--) {
            boolean[] took = new boolean[order.size() + 1];
            for (int stages = used; stages >= 0; stages--) {
                int start = reach.first(order.get(i), stages + 1, first[stages]);
                if (start < first[stages] && start < first[stages + 1]) {
                    first[stages + 1] = start;
                    took[stages + 1] = true;
                }
            }
            taken.add(took);
            used++;
            for (int stages = 1; stages <= used; stages++) {
                if (first[stages] == 0) {
                    return Optional.of(trace(reach, taken, stages));
                }
            }
        }
        return Optional.empty();
    }

    private List<StagePlan> trace(Reach reach, List<boolean[]> taken, int stages) {
        Deque<Integer> workers = new ArrayDeque<>();
        int left = stages;
        for (int step = taken.size() - 1; left > 0; step--) {
            if (taken.get(step)[left]) {
                workers.addLast(order.get(order.size() - 1 - step));
                left--;
            }
        }
        return stagesFromEnd(reach, workers);
    }

    /** The stages on these workers, first to last, every one as long as it can be, from the last backwards. */
    private List<StagePlan> stagesFromEnd(Reach reach, Deque<Integer> workers) {
        Deque<StagePlan> stages = new ArrayDeque<>();
        int end = costs.units();
        while (!workers.isEmpty()) {
            int worker = workers.removeLast();
            int start = reach.first(worker, stages.size() + 1, end);
            stages.addFirst(new StagePlan(worker, start, end));
            end = start;
        }
        return List.copyOf(stages);
    }
}
