package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.List;

/**
 * How deep the stages of a plan warm up: the micro-batches that each may keep in flight, and the step that results.
 * The schedule's own depth, as far as memory allows it; for the round-trip schedule also twice, four times ... as
 * deep, where that shortens the step by at least a hundredth each time. The step is that of a draft ({@link
 * Simulator#draftNanos}). Immutable.
 */
record WarmUp(List<Integer> limits, long stepNanos) {

    private static final double WORTH = 0.99;

    WarmUp {
        limits = List.copyOf(limits);
    }

    /** The depth for these stages, which must fit with the fewest micro-batches that the schedule needs. */
    static WarmUp of(CostModel costs, List<StagePlan> stages, StageTimes times) {
        WarmUp best = at(costs, stages, times, 1);
        if (costs.request().schedule() != ScheduleKind.ROUND_TRIP) {
            return best;
        }
        double goal = StepBound.ofPlan(times, costs.microBatches()) / WORTH;
        for (int factor = 2; factor <= costs.microBatches() && best.stepNanos > goal; factor *= 2) {
            WarmUp deeper = at(costs, stages, times, factor);
            if (deeper.stepNanos > best.stepNanos * WORTH) {
                break;
            }
            best = deeper;
        }
        return best;
    }

    private static WarmUp at(CostModel costs, List<StagePlan> stages, StageTimes times, int factor) {
        List<Integer> limits = limits(costs, stages, times, factor);
        return new WarmUp(limits, Simulator.draftNanos(costs, times, limits));
    }

    /** The schedule's own depth times a factor, within memory and never below what the schedule needs. */
    static List<Integer> limits(CostModel costs, List<StagePlan> stages, StageTimes times, double factor) {
        List<Integer> wanted = costs.request().schedule().inFlightLimits(times, costs.microBatches());
        List<Integer> limits = new ArrayList<>();
        int earlier = costs.microBatches();
        for (int i = 0; i < stages.size(); i++) {
            int least = costs.leastInFlight(stages.size() - i);
            int most = (int) Math.min(earlier, Ends.mostInFlight(costs, stages, i));
            earlier = Math.max(least, Math.min(most, (int) Math.ceil(wanted.get(i) * factor)));
            limits.add(earlier);
        }
        return limits;
    }
}
