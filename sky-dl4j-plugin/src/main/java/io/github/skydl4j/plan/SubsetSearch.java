package io.github.skydl4j.plan;

import java.util.Arrays;

/**
 * Whether a step can be below a limit if its slack and longest stage lie in a {@link StepRange}, units are whole, memory is
 * what it is, and a worker has one stage: what {@link StepRelaxation} leaves out.
 *
 * <p>Stages are laid from the end, every subset of workers in turn with all that it can have reached: the unit, the time S
 * of its stages, and the most D that the stages before it may take:
 *
 * <pre>
 *   D &lt;= T - m t - idle,   D &lt;= T - S - t - slack,   D &lt;= D' - t        for a stage t before those of S and D'
 * </pre>
 *
 * with the idling of {@link StageCaps} where the longest stage must be farther in front, and the slack of {@link
 * InFlightSlack}; from the end the number of micro-batches in flight and S are known. Of two, one is dropped if the other has
 * reached as far or farther, S is no more and D no less: the stages that complete the first, without the units that the
 * second has already, complete the second as well. It may be that these make a plan of another range; then it is there that
 * the question is answered. What cannot be completed below the limit is dropped as well, be it that the relaxation says so, or
 * that the workers left cannot do the rest in the time D. If nothing reaches the first unit, there is no such plan. Bounded
 * by a budget of looks at stages. Confined to one thread.
 */
final class SubsetSearch {

    static final int MOST_WORKERS = 22;

    private static final int MOST_LABELS = 2_000_000;
    private static final int CAP_CELLS = 4096;
    private static final double ROUNDING = 1e-6;
    private static final double MARGIN = 1e-9;

    private final CostModel costs;
    private final StepRelaxation relaxation;
    private final StepWeights weights;
    private final double limit;
    private final double rounds;
    private final StepRange range;
    private final double contrast;
    private final double mostPass;
    private final double constant;
    private final int[] classOf;
    private final double[] caps = new double[CAP_CELLS + 1];
    private final double[] slowness;
    private final int[] bySpeed;
    private final double[] workTo;
    private final double[][][] longestRun;
    private final double[] leastBefore;
    private final int[] firstOf;
    private Labels now = new Labels();
    private Labels next = new Labels();
    private long looks;
    private boolean spent;

    /**
     * A search for steps, but for the update, below the limit.
     *
     * @param relaxation of the range and the limit
     * @param weights what it has found to be good ones
     * @param caps for the limit and the range
     * @param firstOf a table that searches share: -1 for each subset of the workers
     */
    SubsetSearch(StepRelaxation relaxation, StepWeights weights, StageCaps caps, double limit, int[] firstOf) {
        this.relaxation = relaxation;
        this.weights = weights;
        this.constant = relaxation.bound(weights)
                - relaxation.rest(0, relaxation.costs().units());
        this.costs = relaxation.costs();
        this.limit = limit;
        this.rounds = costs.microBatches() - 1;
        this.range = relaxation.range();
        this.firstOf = firstOf;
        ForwardShares forwards = ForwardShares.of(costs);
        this.contrast = forwards.contrast();
        this.mostPass = limit - Math.max(range.slackLow(), rounds * forwards.ofLonger() * range.longestLow());
        this.slowness = StepBound.fastestFactors(costs);
        this.bySpeed = StepBound.fastestFirst(costs);
        for (int cell = 0; cell <= CAP_CELLS; cell++) {
            this.caps[cell] = Math.max(0, caps.at(limit * cell / CAP_CELLS));
        }
        this.classOf = new int[costs.workers()];
        for (int c = 0; c < relaxation.classes().count(); c++) {
            for (int worker : relaxation.classes().members().get(c)) {
                classOf[worker] = c;
            }
        }
        this.workTo = new double[costs.units() + 1];
        for (int unit = 0; unit < costs.units(); unit++) {
            workTo[unit + 1] = workTo[unit] + StepBound.reference(costs, unit);
        }
        this.longestRun = longestRuns();
        this.leastBefore = new double[costs.units() + 1];
        for (int unit = 1; unit <= costs.units(); unit++) {
            leastBefore[unit] = leastBefore(0, unit, 1);
        }
    }

    /** What subsets have reached, chained by subset; a table of numbers, as there are many. */
    private static final class Labels {
        private int[] subset = new int[1024];
        private int[] first = new int[1024];
        private double[] mostBefore = new double[1024];
        private double[] nanos = new double[1024];
        private double[] weight = new double[1024];
        private boolean[] hasLongest = new boolean[1024];
        private boolean[] dropped = new boolean[1024];
        private int[] after = new int[1024];
        private int size;

        int add() {
            if (size == first.length) {
                int length = 2 * size;
                subset = Arrays.copyOf(subset, length);
                first = Arrays.copyOf(first, length);
                mostBefore = Arrays.copyOf(mostBefore, length);
                nanos = Arrays.copyOf(nanos, length);
                weight = Arrays.copyOf(weight, length);
                hasLongest = Arrays.copyOf(hasLongest, length);
                dropped = Arrays.copyOf(dropped, length);
                after = Arrays.copyOf(after, length);
            }
            dropped[size] = false;
            return size++;
        }
    }

    /** Whether there is no such plan; false as well once so many looks are spent. */
    boolean rulesOut(long mostLooks) {
        looks = 0;
        spent = false;
        now.size = 0;
        int none = now.add();
        now.subset[none] = 0;
        now.first[none] = costs.units();
        now.mostBefore[none] = limit;
        now.nanos[none] = 0;
        now.weight[none] = constant;
        now.hasLongest[none] = false;
        for (int place = 1; place <= costs.workers() && now.size > 0; place++) {
            next.size = 0;
            boolean reached = false;
            for (int i = 0; i < now.size && !reached && !spent; i++) {
                reached = !now.dropped[i] && extend(i, place);
                spent = looks > mostLooks || next.size > MOST_LABELS;
            }
            for (int i = 0; i < next.size; i++) {
                firstOf[next.subset[i]] = -1;
            }
            if (reached || spent) {
                return false;
            }
            Labels done = now;
            now = next;
            next = done;
        }
        return true;
    }

    /** Looks at stages in the last search: the measure of work that budgets are counted in. */
    long looks() {
        return looks;
    }

    /** Whether the last search ended for want of looks. */
    boolean isSpent() {
        return spent;
    }

    /** Whether a stage before these reaches the first unit. */
    private boolean extend(int i, int place) {
        int end = now.first[i];
        for (int worker = 0; worker < classOf.length; worker++) {
            if (costs.isNext(now.subset[i], worker)) {
                for (int first = relaxation.low(place, classOf[worker], end); first < end; first++) {
                    looks++;
                    if (reachesFirst(i, place, worker, first)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Keeps what one more stage reaches, unless that cannot be completed; whether it is complete. */
    private boolean reachesFirst(int i, int place, int worker, int first) {
        int end = now.first[i];
        double nanos = costs.compute(worker, first, end);
        double link = relaxation.link(end);
        double behind = now.nanos[i] + link;
        if (rounds * nanos > range.slackHigh() + behind) {
            return false;
        }
        boolean hasLongest = now.hasLongest[i] || nanos >= range.longestLow();
        double most = Math.min(now.mostBefore[i] - link - nanos, limit - idling(nanos, behind, hasLongest));
        if (most < leastBefore[first] - MARGIN * limit) {
            return false;
        }
        double weight =
                now.weight[i] + relaxation.weight(nanos) + relaxation.linkWeight(first) + weights.rent(classOf[worker]);
        if (weight + relaxation.rest(place, first) > limit * (1 + MARGIN)) {
            return false;
        }
        double slack = relaxation.leastSlack(place, worker, first, end, behind);
        most = Math.min(most, limit - behind - nanos - Math.max(slack, range.slackLow()));
        most = Math.min(most, mostPass - behind - nanos);
        if (slack > range.slackHigh() || most < leastBefore[first] - MARGIN * limit) {
            return false;
        }
        if (first == 0) {
            return hasLongest;
        }
        int with = now.subset[i] | 1 << worker;
        if (leastBefore(with, first, place + 1) <= most + MARGIN * limit) {
            add(with, first, most, behind + nanos, weight, hasLongest);
        }
        return false;
    }

    /** What a stage takes and idles; where the longest one is in front of it, as {@link StageCaps} have it. */
    private double idling(double nanos, double behind, boolean hasLongest) {
        double busy = costs.microBatches() * nanos;
        if (hasLongest) {
            return busy;
        }
        double mixed = busy + Math.max(0, 2 - contrast * nanos / range.longestLow()) * behind;
        return Math.max(busy, Math.min(mixed, nanos + rounds * range.longestLow()));
    }

    private void add(int subset, int first, double mostBefore, double nanos, double weight, boolean hasLongest) {
        for (int i = firstOf[subset]; i >= 0; i = next.after[i]) {
            if (next.first[i] <= first
                    && next.mostBefore[i] >= mostBefore
                    && next.nanos[i] <= nanos
                    && (next.hasLongest[i] || !hasLongest)) {
                return;
            }
        }
        int before = -1;
        for (int i = firstOf[subset]; i >= 0; i = next.after[i]) {
            if (next.first[i] >= first
                    && next.mostBefore[i] <= mostBefore
                    && next.nanos[i] >= nanos
                    && (hasLongest || !next.hasLongest[i])) {
                next.dropped[i] = true;
                if (before < 0) {
                    firstOf[subset] = next.after[i];
                } else {
                    next.after[before] = next.after[i];
                }
            } else {
                before = i;
            }
        }
        int added = next.add();
        next.subset[added] = subset;
        next.first[added] = first;
        next.mostBefore[added] = mostBefore;
        next.nanos[added] = nanos;
        next.weight[added] = weight;
        next.hasLongest[added] = hasLongest;
        next.after[added] = firstOf[subset];
        firstOf[subset] = added;
    }

    /**
     * The least time in which the workers left pass the units before {@code end}, as the {@code place}-th stage from the end
     * and those before it; infinite if they cannot. They are filled fastest first, up to the cap of what is before them, of
     * which those do not count that have less memory than the cap: where in the order they come then plays no part.
     */
    private double leastBefore(int used, int end, int place) {
        double left = workTo[end];
        double nanos = 0;
        double capped = 0;
        for (int worker : bySpeed) {
            if ((used >> worker & 1) == 0) {
                double cap = caps[Math.min(CAP_CELLS, (int) (capped / limit * CAP_CELLS))];
                double room = Math.min(cap, longestRun[place][classOf[worker]][end]);
                if (room >= left * slowness[worker]) {
                    return nanos + left * slowness[worker];
                }
                left -= room / slowness[worker];
                nanos += room;
                capped += room == cap ? room : 0;
            }
        }
        return left <= ROUNDING * workTo[costs.units()] ? nanos : Double.POSITIVE_INFINITY;
    }

    /** For every place from the end, class and unit the longest time of a stage there, or farther in front, before the unit. */
    private double[][][] longestRuns() {
        int classes = relaxation.classes().count();
        double[][][] longest = new double[costs.workers() + 2][classes][costs.units() + 1];
        for (int place = costs.workers(); place > 0; place--) {
            for (int c = 0; c < classes; c++) {
                int worker = relaxation.classes().worker(c);
                double[] runs = longest[place][c];
                for (int end = 1; end <= costs.units(); end++) {
                    double run = costs.compute(worker, relaxation.low(place, c, end), end);
                    runs[end] = Math.max(runs[end - 1], Math.max(run, longest[place + 1][c][end]));
                }
            }
        }
        return longest;
    }
}
