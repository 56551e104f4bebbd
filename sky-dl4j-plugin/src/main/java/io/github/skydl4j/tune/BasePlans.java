package io.github.skydl4j.tune;

import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The plans that candidates are changes of: those of every planner, for every number of micro-batches and every wire type, each made when it is
 * first asked for. Confined to one thread.
 */
final class BasePlans {
    private record Key(String planner, int microBatches, WireChoice wire) {}

    private final PlanRequest request;
    private final TrialPlan fallback;
    private final Map<Key, Optional<TrialPlan>> plans = new HashMap<>();

    /**
     * Plans for the request.
     *
     * @param fallback stands in where a planner finds no plan
     */
    BasePlans(PlanRequest request, TrialPlan fallback) {
        this.request = request;
        this.fallback = fallback;
    }

    PlanRequest request() {
        return request;
    }

    TrialPlan of(Planner planner, int microBatches, WireChoice wire) {
        return plans.computeIfAbsent(
                        new Key(planner.name(), microBatches, wire), key -> plan(planner, microBatches, wire))
                .orElse(fallback);
    }

    private Optional<TrialPlan> plan(Planner planner, int microBatches, WireChoice wire) {
        PlanRequest wired = request.withCluster(wire.on(request.cluster()));
        try {
            return Optional.of(TrialPlan.of(planner.plan(wired.scaledTo(microBatches)), request.schedule(), false));
        } catch (InfeasiblePlanException e) {
            return Optional.empty();
        }
    }
}
