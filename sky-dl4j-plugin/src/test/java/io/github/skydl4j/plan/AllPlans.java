package io.github.skydl4j.plan;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;

/** Every way to put contiguous stages on different workers: what the planners are checked against. */
final class AllPlans {

    private final int workers;
    private final int units;
    private final Consumer<List<StagePlan>> visitor;
    private final Deque<StagePlan> stages = new ArrayDeque<>();
    private final boolean[] used;

    private AllPlans(PlanRequest request, Consumer<List<StagePlan>> visitor) {
        this.workers = request.cluster().size();
        this.units = request.units().size();
        this.visitor = visitor;
        this.used = new boolean[workers];
    }

    static void visit(PlanRequest request, Consumer<List<StagePlan>> visitor) {
        new AllPlans(request, visitor).extend(0);
    }

    private void extend(int first) {
        if (first == units) {
            visitor.accept(new ArrayList<>(stages));
            return;
        }
        for (int worker = 0; worker < workers; worker++) {
            if (!used[worker]) {
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
