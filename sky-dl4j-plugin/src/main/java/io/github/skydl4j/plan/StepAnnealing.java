package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.StageTimes;
import java.util.List;
import java.util.Random;

/**
 * Simulated annealing for a short step where plans are many: cuts and workers change at random, what is longer is
 * accepted the less readily the longer the search lasts. What {@link StepBound} rules out is not simulated. The seed is
 * fixed and the budget counts work, so the same request ends the same way. Finds plans, proves nothing. Confined to one
 * thread.
 */
final class StepAnnealing {

    private static final long SEED = 20220225;
    private static final double WARMTH = 0.003;
    private static final double LEAST_WARMTH = 0.0001;
    private static final long MOST_ACTIONS = 30_000_000L;
    private static final int MOST_MOVES = 400_000;

    private final CostModel costs;
    private final Random random = new Random(SEED);
    private long actions;

    private StepAnnealing(CostModel costs) {
        this.costs = costs;
    }

    /** Stages whose step is at most that of the given ones, which must fit. */
    static List<StagePlan> from(CostModel costs, List<StagePlan> start, long floor) {
        List<StagePlan> found = new StepAnnealing(costs).anneal(start, floor);
        return Appraisal.step(costs, found) < Appraisal.step(costs, start) ? found : start;
    }

    private List<StagePlan> anneal(List<StagePlan> start, long floor) {
        List<StagePlan> current = start;
        double step = simulated(Double.MAX_VALUE, start);
        List<StagePlan> best = current;
        double least = step;
        PlanMoves moves = new PlanMoves(costs, random);
        for (int i = 0; i < MOST_MOVES && actions < MOST_ACTIONS && least > floor; i++) {
            double done = Math.max((double) i / MOST_MOVES, (double) actions / MOST_ACTIONS);
            double heat = least * WARMTH * Math.pow(LEAST_WARMTH / WARMTH, done);
            double limit = step - heat * Math.log(1 - random.nextDouble());
            List<StagePlan> next = moves.of(current);
            double nextStep = next.isEmpty() ? Double.MAX_VALUE : simulated(limit, next);
            if (nextStep < limit) {
                current = next;
                step = nextStep;
                if (step < least) {
                    best = current;
                    least = step;
                }
            }
        }
        return best;
    }

    private double bound(double limit, List<StagePlan> stages) {
        int m = costs.microBatches();
        double before = 0;
        double longest = 0;
        double slowest = 0;
        for (int i = 0; i < stages.size(); i++) {
            StagePlan stage = stages.get(i);
            if (i > 0) {
                double link = costs.link(stages.get(i - 1).worker(), stage.worker(), stage.firstUnit());
                before += 2 * link;
                slowest = Math.max(slowest, link);
            }
            double forward = costs.forward(stage.worker(), stage.firstUnit(), stage.endUnit());
            double backward = costs.backward(stage.worker(), stage.firstUnit(), stage.endUnit());
            longest = Math.max(longest, before + m * (forward + backward));
            slowest = Math.max(slowest, Math.max(forward, backward));
            before += forward + backward;
        }
        double bound = Math.max(longest, before + (m - 1) * slowest);
        return bound < limit && Ends.fit(costs, stages) ? bound : Double.MAX_VALUE;
    }

    private double simulated(double limit, List<StagePlan> stages) {
        if (bound(limit, stages) >= limit) {
            return Double.MAX_VALUE;
        }
        StageTimes times = StepTimes.of(costs, stages);
        List<Integer> limits = WarmUp.limits(costs, stages, times, costs.microBatches());
        actions += 2L * stages.size() * costs.microBatches();
        return costs.request().schedule().quickNanos(times, costs.microBatches(), limits);
    }
}
