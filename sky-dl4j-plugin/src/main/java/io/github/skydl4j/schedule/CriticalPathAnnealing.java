package io.github.skydl4j.schedule;

import java.util.List;
import java.util.Random;

/**
 * Shortens a step by simulated annealing over the order of work, where neighbours on the critical path change places (van
 * Laarhoven, Aarts and Lenstra, Operations Research 40, 1992). The seeds are fixed and the budget counts work, so the same
 * step ends the same way. What comes out is never longer than what went in.
 */
final class CriticalPathAnnealing {

    private static final double[] WARMTHS = {0.002, 0.006};
    private static final double COOLING = 0.02;
    private static final int MOST_TRIALS = 20_000;
    private static final int FEWEST_TRIALS = 1000;
    private static final long MOST_ACTIONS = 25_000_000L;
    private static final int TRIALS_A_PATH = 20;

    private final StageTimes times;
    private final List<Integer> limits;
    private final int trials;
    private List<List<Action>> best;
    private long least;

    private CriticalPathAnnealing(StageTimes times, List<Integer> limits, Schedule schedule, int trials) {
        this.times = times;
        this.limits = limits;
        this.trials = trials;
        this.best = schedule.stages();
        this.least = new WorkOrder(schedule, times, limits).nanos();
    }

    /** The shorter order, or that of the timeline where there are too many actions to try much. */
    static List<List<Action>> of(Timeline timeline, List<Integer> limits) {
        Schedule schedule = timeline.schedule();
        long actions = 2L * schedule.stageCount() * schedule.microBatches();
        int trials = (int) Math.min(MOST_TRIALS, MOST_ACTIONS / actions);
        if (trials < FEWEST_TRIALS || timeline.times().endsShared()) {
            return schedule.stages();
        }
        CriticalPathAnnealing annealing = new CriticalPathAnnealing(timeline.times(), limits, schedule, trials);
        for (int run = 0; run < WARMTHS.length; run++) {
            annealing.run(schedule, WARMTHS[run], new Random(run));
        }
        return annealing.best;
    }

    private void run(Schedule schedule, double warmth, Random random) {
        WorkOrder order = new WorkOrder(schedule, times, limits);
        long step = order.nanos();
        int exchanges = order.findExchanges(random);
        int sinceFound = 0;
        for (int trial = 0; trial < trials && exchanges > 0; trial++) {
            double heat = least * warmth * Math.pow(COOLING, (double) trial / trials);
            int number = random.nextInt(exchanges);
            boolean accepted = false;
            if (order.mayExchange(number)) {
                order.exchange(number);
                long next = order.nanos();
                accepted = next != WorkOrder.NEVER && next < step - heat * Math.log(1 - random.nextDouble());
                if (accepted) {
                    step = next;
                    keep(order, step);
                } else {
                    order.exchange(number);
                }
            }
            if (accepted || ++sinceFound == TRIALS_A_PATH) {
                if (!accepted) {
                    order.nanos();
                }
                exchanges = order.findExchanges(random);
                sinceFound = 0;
            }
        }
    }

    private void keep(WorkOrder order, long step) {
        if (step < least) {
            least = step;
            best = order.actions();
        }
    }
}
