package io.github.skydl4j.cluster;

import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.Schedule;
import java.util.List;

/**
 * Which member hosts which stage.
 *
 * @param workers names of the members that were planned with, by their numbers in the allocation
 */
record CrewPlan(PlanRequest request, Allocation allocation, List<String> workers) {
    CrewPlan {
        workers = List.copyOf(workers);
    }

    /** Who hosts a stage. */
    String host(int stage) {
        return workers.get(allocation.stages().get(stage).worker());
    }

    /** How numbers travel between a stage and the next; exactly where there are no two. */
    WireType wire(int stage) {
        return request.cluster().wire(allocation.stages(), stage);
    }

    int stages() {
        return allocation.stages().size();
    }

    /** The order of work for a batch of so many micro-batches. */
    Schedule schedule(int microBatches) {
        return request.schedule().build(StepTimes.of(request, allocation), microBatches, allocation.inFlightLimits());
    }
}
