package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.StageTimes;
import java.util.List;

/** The predicted step of stages, and cheap reasons to look no further. Confined to one thread. */
final class StepCost {

    static final long IMPOSSIBLE = Long.MAX_VALUE;

    private final CostModel costs;
    private long simulatedActions;

    StepCost(CostModel costs) {
        this.costs = costs;
    }

    /** How much has been simulated, in actions: the measure of work that budgets are counted in. */
    long simulatedActions() {
        return simulatedActions;
    }

    /** The step if it is shorter than {@code best}, else {@link #IMPOSSIBLE}, as for stages that do not fit. */
    long below(long best, List<StagePlan> stages) {
        if (!Ends.fit(costs, stages)) {
            return IMPOSSIBLE;
        }
        StageTimes times = StepTimes.of(costs, stages);
        if (StepBound.ofPlan(times, costs.microBatches()) >= best) {
            return IMPOSSIBLE;
        }
        simulatedActions += 2L * stages.size() * costs.microBatches();
        long step = WarmUp.of(costs, stages, times).stepNanos();
        return step < best ? step : IMPOSSIBLE;
    }
}
