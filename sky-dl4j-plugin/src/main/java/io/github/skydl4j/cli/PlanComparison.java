package io.github.skydl4j.cli;

import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The allocation of the planner asked for, beside what the others make of the same request. Immutable.
 *
 * @param boundNanos a step that no allocation beats: the highest of the bounds that the planners have certified
 */
record PlanComparison(PlanRequest request, Allocation chosen, List<Contender> contenders, long boundNanos) {

    PlanComparison {
        contenders = List.copyOf(contenders);
    }

    /** Whether this planner is asked for so that the exact one need not plan. */
    static boolean leavesOutExact(Planner planner) {
        return planner.name().equals(ExactPlanner.quick().name());
    }

    /**
     * Lets all planners plan; not the exact one where the quick one is asked for.
     *
     * @throws io.github.skydl4j.plan.InfeasiblePlanException if the planner asked for finds no plan
     */
    static PlanComparison of(PlanRequest request, Planner planner) {
        Allocation chosen = planner.plan(request);
        List<Contender> contenders = new ArrayList<>();
        if (Planners.all().stream().noneMatch(other -> other.name().equals(planner.name()))) {
            contenders.add(new Contender(planner.name(), Optional.of(chosen), ""));
        }
        for (Planner other : Planners.all()) {
            if (other.name().equals(planner.name())) {
                contenders.add(new Contender(planner.name(), Optional.of(chosen), ""));
            } else if (!(leavesOutExact(planner) && other instanceof ExactPlanner)) {
                contenders.add(Contender.of(other, request));
            }
        }
        long bound = contenders.stream()
                .flatMap(contender -> contender.allocation().stream())
                .mapToLong(Allocation::boundNanos)
                .max()
                .orElseThrow();
        return new PlanComparison(request, chosen, contenders, bound);
    }

    /** By what share the allocation's step is above the bound. */
    double gap(Allocation allocation) {
        return boundNanos == 0 ? 0 : (double) (allocation.stepNanos() - boundNanos) / boundNanos;
    }

    String workerName(int worker) {
        return request.cluster().worker(worker).name();
    }
}
