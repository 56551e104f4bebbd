package io.github.skydl4j.plan;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Simulated annealing over the order of the workers. An order is worth the shortest step for which {@link CappedFilling} does
 * all work with it, a longest stage and a pass that change as well; cuts follow from these, so no single unit that moves
 * makes a neighbour much worse, as it does where cuts are searched for. The best plans of several runs are simulated.
 * The seeds are fixed and the budget counts work, so the same request ends the same way. Finds plans, proves nothing.
 * Confined to one thread.
 */
final class OrderAnnealing {

    private static final int RUNS = 4;
    private static final long MOST_STAGES = 10_000_000L;
    private static final double STEP_RATIO = 1.002;
    private static final double LONGEST_RATIO = 1.01;
    private static final int LONGEST = 60;
    private static final int PASSES = 30;
    private static final double WARMTH = 0.006;
    private static final double LEAST_WARMTH = 0.00006;
    private static final double WORTH_KEEPING = 0.006;
    private static final int KEPT = 40;
    /** What a share of the work left undone counts against a longer step. */
    private static final double OF_LEFT = 0.04;

    private final CostModel costs;
    private final CappedFilling filling;
    private final double share;
    private final Idling idling;
    private final double[] steps;
    private final double[] longest = new double[LONGEST];
    private final double[] passes = new double[PASSES];
    private final StageCaps[][][] caps;
    private final TreeMap<Double, List<StagePlan>> kept = new TreeMap<>();
    private long filledStages;

    private OrderAnnealing(CostModel costs, double floor, double known, double bottleneckBound) {
        ForwardShares forwards = ForwardShares.of(costs);
        this.costs = costs;
        this.filling = new CappedFilling(costs);
        this.share = forwards.ofLonger();
        this.idling = new Idling(costs);
        this.steps = new double[(int) Math.ceil(Math.log(known / floor) / Math.log(STEP_RATIO)) + 1];
        Arrays.setAll(steps, i -> floor * Math.pow(STEP_RATIO, i));
        Arrays.setAll(longest, i -> bottleneckBound * Math.pow(LONGEST_RATIO, i));
        double most = known - (costs.microBatches() - 1) * share * bottleneckBound;
        double least = Math.min(most, Math.max((double) StepBound.fastestPass(costs), 0.3 * most));
        Arrays.setAll(passes, i -> least * Math.pow(most / least, i / (PASSES - 1.0)));
        this.caps = new StageCaps[steps.length][LONGEST][PASSES];
    }

    /** An order of which the first {@code count} workers may have stages, and where in the grids its longest stage and pass are. */
    private static final class Candidate {
        private final int[] order;
        private final int count;
        private final int longest;
        private final int pass;

        Candidate(int[] order, int count, int longest, int pass) {
            this.order = order;
            this.count = count;
            this.longest = longest;
            this.pass = pass;
        }
    }

    /** The stages of the shortest step that it finds, or the given ones. */
    static List<StagePlan> from(CostModel costs, List<StagePlan> start, long floor, long bottleneckBound) {
        StepCost cost = new StepCost(costs);
        List<StagePlan> best = start;
        long least = Appraisal.step(costs, start);
        if (least <= floor) {
            return start;
        }
        OrderAnnealing annealing = new OrderAnnealing(costs, (double) floor, (double) least, (double) bottleneckBound);
        for (int run = 0; run < RUNS; run++) {
            annealing.run(new Random(run));
            for (List<StagePlan> found : annealing.kept.values()) {
                long step = cost.below(least, found);
                if (step < least) {
                    best = found;
                    least = step;
                }
            }
        }
        return best;
    }

    private void run(Random random) {
        kept.clear();
        long until = filledStages + MOST_STAGES;
        long from = filledStages;
        Candidate current = first();
        double value = value(current);
        double best = value;
        while (filledStages < until) {
            double done = (double) (filledStages - from) / MOST_STAGES;
            double heat = WARMTH / (STEP_RATIO - 1) * Math.pow(LEAST_WARMTH / WARMTH, done);
            Candidate next = neighbour(current, random);
            double nextValue = value(next);
            if (nextValue < value - heat * Math.log(1 - random.nextDouble())) {
                current = next;
                value = nextValue;
                best = Math.min(best, value);
                keep(current, value, best);
            }
        }
    }

    private void keep(Candidate candidate, double value, double best) {
        int step = (int) value;
        if (value < best + WORTH_KEEPING / (STEP_RATIO - 1) && step < steps.length && fills(candidate, step)) {
            kept.put(value, filling.stages(candidate.order));
            if (kept.size() > KEPT) {
                kept.pollLastEntry();
            }
        }
    }

    /** The fastest workers first, and what of the grids suits them best. */
    private Candidate first() {
        int[] order = StepBound.fastestFirst(costs);
        Candidate best = new Candidate(order, order.length, 0, 0);
        double least = Double.MAX_VALUE;
        for (int x = 0; x < LONGEST; x++) {
            for (int pass = 0; pass < PASSES; pass++) {
                Candidate candidate = new Candidate(order, order.length, x, pass);
                double value = value(candidate);
                if (value < least) {
                    best = candidate;
                    least = value;
                }
            }
        }
        return best;
    }

    private Candidate neighbour(Candidate of, Random random) {
        int kind = random.nextInt(20);
        int[] order = of.order;
        int a = random.nextInt(order.length);
        int b = random.nextInt(order.length);
        if (kind < 8) {
            int[] exchanged = order.clone();
            exchanged[a] = order[b];
            exchanged[b] = order[a];
            return new Candidate(exchanged, of.count, of.longest, of.pass);
        } else if (kind < 16) {
            return new Candidate(moved(order, a, b), of.count, of.longest, of.pass);
        } else if (kind == 16) {
            int count = Math.max(1, Math.min(order.length, of.count + (random.nextBoolean() ? 1 : -1)));
            return new Candidate(order, count, of.longest, of.pass);
        }
        int by = random.nextBoolean() ? 1 : -1;
        int x = kind == 19 ? of.longest : of.longest + by;
        int pass = kind == 17 ? of.pass : of.pass + (kind == 18 ? -by : by);
        return new Candidate(
                order, of.count, Math.max(0, Math.min(LONGEST - 1, x)), Math.max(0, Math.min(PASSES - 1, pass)));
    }

    private static int[] moved(int[] order, int from, int to) {
        int[] moved = order.clone();
        if (from < to) {
            System.arraycopy(order, from + 1, moved, from, to - from);
        } else {
            System.arraycopy(order, to, moved, to + 1, from - to);
        }
        moved[to] = order[from];
        return moved;
    }

    /** The number of the first step for which the order does all work, and what it lacked for the one before. */
    private double value(Candidate candidate) {
        int low = 0;
        int high = steps.length;
        double lacks = 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (fills(candidate, middle)) {
                high = middle;
            } else {
                low = middle + 1;
                lacks = lacks(candidate, middle);
            }
        }
        double steps = lacks * OF_LEFT / (STEP_RATIO - 1);
        return low + (low == this.steps.length ? 1 + steps : Math.min(1, steps));
    }

    /** Whether the last filling left work, or how much too long its pass was: 1 where none was possible. */
    private double lacks(Candidate candidate, int step) {
        if (!isPossible(candidate, step)) {
            return 1;
        }
        return Math.max(filling.left(), filling.pass() / mostPass(candidate.pass) - 1);
    }

    private boolean isPossible(Candidate candidate, int step) {
        return passes[candidate.pass] + (costs.microBatches() - 1) * share * longest[candidate.longest] <= steps[step];
    }

    private double mostPass(int pass) {
        return pass + 1 < PASSES ? passes[pass + 1] : Double.MAX_VALUE;
    }

    private boolean fills(Candidate candidate, int step) {
        filledStages += candidate.count;
        if (!isPossible(candidate, step)) {
            return false;
        }
        double pass = passes[candidate.pass];
        CappedFilling.Wish wish = new CappedFilling.Wish(caps(candidate, step), pass, steps[step] - pass);
        return filling.fill(candidate.order, candidate.count, wish) && filling.pass() <= mostPass(candidate.pass);
    }

    private StageCaps caps(Candidate candidate, int step) {
        StageCaps known = caps[step][candidate.longest][candidate.pass];
        if (known == null) {
            double x = longest[candidate.longest];
            known = new StageCaps(
                    steps[step], costs.microBatches(), x, x, passes[candidate.pass], idling, StageCaps.FINE);
            caps[step][candidate.longest][candidate.pass] = known;
        }
        return known;
    }
}
