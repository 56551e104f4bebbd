package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.OrderBound;
import io.github.skydl4j.schedule.StageTimes;
import io.github.skydl4j.schedule.WorkOrder;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Simulated annealing over cuts, workers and the order of work at once. A plan that changes a little keeps the order of the
 * one before, which is then changed along its critical path: so a plan is not judged by what a dispatching rule makes of it,
 * and many more are looked at. The number of stages stays. The seeds are fixed and the budget counts work, so the same
 * request ends the same way. Finds plans, proves nothing. Several start at
 * the same time, on as many processors as there are; an object is used by one thread.
 */
final class JointAnnealing {

    private static final double[] WARMTHS = {0.0008, 0.0015};
    private static final double COOLING = 0.02;
    private static final double TRIAL_WARMTH = 0.0015;
    private static final int MOST_TRIALS = 150_000;
    private static final int TRIALS_OF_MANY = 50_000;
    private static final int GO_ON_WITH = 2;
    private static final long MOST_ACTIONS = 250_000_000L;
    private static final int FEW_TRIALS = 10_000;
    private static final int TRIALS_A_PATH = 20;

    private final CostModel costs;
    private final Random random;
    private final PlanMoves moves;
    private List<StagePlan> current;
    private WorkOrder order;
    private WorkOrder other;
    private long step;
    private List<StagePlan> best;
    private long least;
    private long actions;

    private record Found(List<StagePlan> stages, long step) {}

    private JointAnnealing(CostModel costs, List<StagePlan> start, long seed) {
        this.costs = costs;
        this.random = new Random(seed);
        this.moves = new PlanMoves(costs, random);
        this.current = start;
        this.best = start;
        this.order = order(start);
        this.other = order(start);
        this.step = order.nanos();
        this.least = step;
    }

    static boolean affords(CostModel costs, List<StagePlan> stages) {
        return costs.request().schedule().refines(stages.size()) && actions(costs, stages) <= MOST_ACTIONS / FEW_TRIALS;
    }

    private static long actions(CostModel costs, List<StagePlan> stages) {
        return 2L * stages.size() * costs.microBatches();
    }

    /** The given stages, or others of the same number whose step, as promised, is shorter. */
    static List<StagePlan> from(CostModel costs, List<StagePlan> start) {
        return Stream.concat(
                        Stream.of(start),
                        IntStream.range(0, WARMTHS.length)
                                .mapToObj(run -> annealed(costs, start, run, WARMTHS[run], MOST_TRIALS).best))
                .parallel()
                .map(stages -> new Found(stages, Appraisal.promisedStep(costs, stages)))
                .min(Comparator.comparingLong(Found::step))
                .orElseThrow()
                .stages();
    }

    /**
     * The best of these that it affords and of what it makes of them: it tries all, and goes on with the most promising ones.
     */
    static Optional<List<StagePlan>> best(CostModel costs, List<List<StagePlan>> starts) {
        List<List<StagePlan>> afforded =
                starts.stream().filter(start -> affords(costs, start)).toList();
        List<List<StagePlan>> tried = afforded.parallelStream()
                .map(start -> annealed(costs, start, 0, TRIAL_WARMTH, TRIALS_OF_MANY))
                .sorted(Comparator.comparingLong(annealing -> annealing.least))
                .limit(GO_ON_WITH)
                .map(annealing -> annealing.best)
                .toList();
        return Stream.concat(afforded.stream(), tried.stream().map(start -> from(costs, start)))
                .parallel()
                .map(stages -> new Found(stages, Appraisal.promisedStep(costs, stages)))
                .min(Comparator.comparingLong(Found::step))
                .map(Found::stages);
    }

    private static JointAnnealing annealed(
            CostModel costs, List<StagePlan> start, long seed, double warmth, int mostTrials) {
        JointAnnealing annealing = new JointAnnealing(costs, start, seed);
        annealing.run(warmth, mostTrials);
        return annealing;
    }

    private WorkOrder order(List<StagePlan> stages) {
        StageTimes times = StepTimes.of(costs, stages);
        List<Integer> limits = WarmUp.of(costs, stages, times).limits();
        return new WorkOrder(
                costs.request().schedule().draft(times, costs.microBatches(), limits), times, limits(stages, times));
    }

    private List<Integer> limits(List<StagePlan> stages, StageTimes times) {
        return WarmUp.limits(costs, stages, times, costs.microBatches());
    }

    private void run(double warmth, int mostTrials) {
        int exchanges = order.findExchanges(random);
        int sinceFound = 0;
        for (int trial = 0; trial < mostTrials && actions < MOST_ACTIONS; trial++) {
            double done = Math.max((double) trial / mostTrials, (double) actions / MOST_ACTIONS);
            double heat = least * warmth * Math.pow(COOLING, done);
            double limit = step - heat * Math.log(1 - random.nextDouble());
            boolean moved = random.nextBoolean();
            boolean accepted = moved ? move(limit) : exchanges > 0 && exchange(random.nextInt(exchanges), limit);
            sinceFound += moved ? 0 : 1;
            if (accepted || sinceFound == TRIALS_A_PATH) {
                if (!accepted) {
                    order.nanos();
                }
                exchanges = order.findExchanges(random);
                sinceFound = 0;
            }
        }
    }

    private boolean move(double limit) {
        List<StagePlan> next = moves.of(current);
        if (next.size() != current.size() || !Ends.fit(costs, next)) {
            return false;
        }
        StageTimes times = StepTimes.of(costs, next);
        if (OrderBound.nanos(times, costs.microBatches()) >= limit) {
            return false;
        }
        actions += actions(costs, next);
        other.copy(order, times, limits(next, times));
        long nextStep = other.nanos();
        if (nextStep >= limit) {
            return false;
        }
        WorkOrder before = order;
        order = other;
        other = before;
        current = next;
        accept(nextStep);
        return true;
    }

    private boolean exchange(int number, double limit) {
        if (!order.mayExchange(number)) {
            return false;
        }
        actions += actions(costs, current);
        order.exchange(number);
        long next = order.nanos();
        if (next >= limit) {
            order.exchange(number);
            return false;
        }
        accept(next);
        return true;
    }

    private void accept(long next) {
        step = next;
        if (step < least) {
            least = step;
            best = current;
        }
    }
}
