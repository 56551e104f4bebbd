package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.List;

/** From an allocation to what a schedule needs: stage times, in-flight limits, and the schedule itself. */
public final class StepTimes {

    private StepTimes() {}

    public static StageTimes of(PlanRequest request, Allocation allocation) {
        return of(request.scaledTo(allocation.microBatches()), allocation.stages());
    }

    public static StageTimes of(PlanRequest request, List<StagePlan> stages) {
        return of(new CostModel(request), stages);
    }

    static StageTimes of(CostModel costs, List<StagePlan> stages) {
        List<Long> forward = new ArrayList<>();
        List<Long> backward = new ArrayList<>();
        List<Long> links = new ArrayList<>();
        List<Long> updates = new ArrayList<>();
        for (int i = 0; i < stages.size(); i++) {
            StagePlan stage = stages.get(i);
            forward.add(costs.forward(stage.worker(), stage.firstUnit(), stage.endUnit()));
            backward.add(costs.backward(stage.worker(), stage.firstUnit(), stage.endUnit()));
            updates.add(costs.update(stage.worker(), stage.firstUnit(), stage.endUnit()));
            if (i > 0) {
                links.add(costs.link(stages.get(i - 1).worker(), stage.worker(), stage.firstUnit()));
            }
        }
        boolean endsShared = stages.size() > 1
                && stages.get(0).worker() == stages.get(stages.size() - 1).worker();
        return new StageTimes(forward, backward, links, updates, endsShared);
    }

    /**
     * Micro-batches in flight for each stage: the schedule's own depth times {@code depth}, as far as memory allows it
     * and never below what the schedule needs.
     */
    public static List<Integer> inFlightLimits(PlanRequest request, List<StagePlan> stages, double depth) {
        CostModel costs = new CostModel(request);
        return WarmUp.limits(costs, stages, of(costs, stages), depth);
    }

    /** The order of work in which the allocation's prediction was made; its in-flight limits are kept. */
    public static Schedule schedule(PlanRequest request, Allocation allocation) {
        return request.schedule()
                .build(of(request, allocation), allocation.microBatches(), allocation.inFlightLimits());
    }
}
