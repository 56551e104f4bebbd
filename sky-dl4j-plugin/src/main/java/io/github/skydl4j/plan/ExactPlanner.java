package io.github.skydl4j.plan;

import java.util.List;

/** The least bottleneck over contiguous stages, any subset of the workers, memory limits and links. */
public final class ExactPlanner implements Planner {

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public Allocation plan(PlanRequest request) {
        CostModel costs = new CostModel(request);
        LeastBottleneck least = LeastBottleneck.of(costs);
        List<String> notes = least.isProved(costs) ? List.of("the bottleneck is optimal") : List.of();
        return Appraisal.of(costs, name(), least.stages(), least.bound(), notes);
    }
}
