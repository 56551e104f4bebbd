package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.OrderBound;
import io.github.skydl4j.schedule.StageTimes;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Simulated annealing for a short step where plans are many: cuts and workers change at random, what is longer is
 * accepted the less readily the longer the search lasts. What {@link OrderBound} rules out is not simulated. The seed is
 * fixed and the budget counts work, so the same request ends the same way. Finds plans, proves nothing. Several
 * runs go on at the same time; an object is used by one thread.
 */
final class StepAnnealing {

    private static final long SEED = 20220225;
    /** Memory cuts what plans there are into islands, and a run does not leave the one that it is on. */
    private static final int RUNS_WITHIN_MEMORY = 3;

    private static final double WARMTH = 0.003;
    private static final double LEAST_WARMTH = 0.0001;
    private static final long MOST_ACTIONS = 6_000_000L;
    private static final int MOST_MOVES = 400_000;

    private final CostModel costs;
    private final Random random;
    private long actions;

    private StepAnnealing(CostModel costs, long seed) {
        this.costs = costs;
        this.random = new Random(seed);
    }

    /** Stages whose step is at most that of the given ones, which must fit. */
    static List<StagePlan> from(CostModel costs, List<StagePlan> start, long floor) {
        int runs = costs.hasMemoryLimits() ? RUNS_WITHIN_MEMORY : 1;
        List<List<StagePlan>> found = IntStream.range(0, runs)
                .parallel()
                .mapToObj(run -> new StepAnnealing(costs, SEED + run).anneal(start, floor))
                .toList();
        return Stream.concat(Stream.of(start), found.stream())
                .min(Comparator.comparingLong(stages -> Appraisal.step(costs, stages)))
                .orElseThrow();
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

    private double simulated(double limit, List<StagePlan> stages) {
        if (!Ends.fit(costs, stages)) {
            return Double.MAX_VALUE;
        }
        StageTimes times = StepTimes.of(costs, stages);
        if (OrderBound.nanos(times, costs.microBatches()) >= limit) {
            return Double.MAX_VALUE;
        }
        List<Integer> limits = WarmUp.limits(costs, stages, times, costs.microBatches());
        long work = 2L * stages.size() * costs.microBatches();
        long quick = costs.request().schedule().quickNanos(times, costs.microBatches(), limits);
        actions += work;
        if (quick >= limit) {
            return quick;
        }
        actions += work;
        return Math.min(quick, Simulator.draftNanos(costs, times, limits));
    }
}
