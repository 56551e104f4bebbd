package io.github.skydl4j.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Consumer;

/**
 * Every way to put contiguous stages on different workers, or with the first and the last on their owner: what the
 * planners are checked against.
 */
final class AllPlans {

    private final int workers;
    private final int units;
    private final OptionalInt owner;
    private final Consumer<List<StagePlan>> visitor;
    private final Deque<StagePlan> stages = new ArrayDeque<>();
    private final boolean[] used;

    private AllPlans(PlanRequest request, Consumer<List<StagePlan>> visitor) {
        this.workers = request.cluster().size();
        this.units = request.units().size();
        this.owner = request.options().owner();
        this.visitor = visitor;
        this.used = new boolean[workers];
    }

    static void visit(PlanRequest request, Consumer<List<StagePlan>> visitor) {
        new AllPlans(request, visitor).extend(0);
    }

    private void extend(int first) {
        if (first == units) {
            if (owner.isEmpty() || stages.size() == 1) {
                visitor.accept(new ArrayList<>(stages));
            }
            return;
        }
        if (owner.isPresent() && stages.size() > 1) {
            stages.addLast(new StagePlan(owner.getAsInt(), first, units));
            visitor.accept(new ArrayList<>(stages));
            stages.removeLast();
        }
        for (int worker = 0; worker < workers; worker++) {
            if (!used[worker] && (owner.isEmpty() || stages.isEmpty() == (worker == owner.getAsInt()))) {
                used[worker] = true;
                for (int end = first + 1; end <= units; end++) {
                    stages.addLast(new StagePlan(worker, first, end));
                    extend(end);
                    stages.removeLast();
                }
                used[worker] = false;
            }
        }
    }
}
