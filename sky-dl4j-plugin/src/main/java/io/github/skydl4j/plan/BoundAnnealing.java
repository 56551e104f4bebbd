package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.StageTimes;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Simulated annealing over cuts and workers by {@link StepBound#withinLimits}, which costs a fraction of a simulation: so it
 * comes farther from where it began than annealing by the step does. The seeds are fixed, and the same request ends the same
 * way. Finds plans to begin other searches at, proves nothing. Several runs go on at the same time; an object is used by one
 * thread.
 */
final class BoundAnnealing {

    private static final double[] WARMTHS = {0.003, 0.01};
    private static final double COOLING = 0.02;
    private static final int MOVES = 500_000;

    private final CostModel costs;
    private final Random random;

    private BoundAnnealing(CostModel costs, long seed) {
        this.costs = costs;
        this.random = new Random(seed);
    }

    /** What so many runs make of the given stages, which must fit. */
    static List<List<StagePlan>> from(CostModel costs, List<StagePlan> start, int runs) {
        return IntStream.range(0, runs)
                .parallel()
                .mapToObj(run -> new BoundAnnealing(costs, run).anneal(start, WARMTHS[run % WARMTHS.length]))
                .toList();
    }

    private List<StagePlan> anneal(List<StagePlan> start, double warmth) {
        PlanMoves moves = new PlanMoves(costs, random);
        List<StagePlan> current = start;
        double bound = bound(costs, start);
        List<StagePlan> best = start;
        double least = bound;
        for (int i = 0; i < MOVES; i++) {
            double heat = least * warmth * Math.pow(COOLING, (double) i / MOVES);
            List<StagePlan> next = moves.of(current);
            if (!next.isEmpty() && Ends.fit(costs, next)) {
                double nextBound = bound(costs, next);
                if (nextBound < bound - heat * Math.log(1 - random.nextDouble())) {
                    current = next;
                    bound = nextBound;
                    if (bound < least) {
                        best = current;
                        least = bound;
                    }
                }
            }
        }
        return best;
    }

    /** A step that no order of work beats on these stages with the micro-batches in flight that memory leaves. */
    static double bound(CostModel costs, List<StagePlan> stages) {
        StageTimes times = StepTimes.of(costs, stages);
        int microBatches = costs.microBatches();
        return StepBound.withinLimits(times, microBatches, WarmUp.limits(costs, stages, times, microBatches))
                + times.longestUpdate();
    }
}
