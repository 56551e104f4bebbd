package io.github.skydl4j.plan;

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
 * reached as far or farther, S is no more and D no less ({@link SubsetLabels}): the stages that complete the first, without the
 * units that the second has already, complete the second as well. It may be that these make a plan of another range; then it is
 * there that the question is answered. What cannot be completed below the limit is dropped as well, be it that the relaxation
 * says so, that the workers left cannot do the rest in the time D, or that they cannot take as long as the pass in this range
 * is. If nothing reaches the first unit, there is no such plan. Bounded by a budget of looks. Confined to one thread.
 */
final class SubsetSearch {

    static final int MOST_WORKERS = 22;

    private static final int MOST_LABELS = 2_000_000;
    private static final int CAP_CELLS = 4096;
    private static final double ROUNDING = 1e-6;
    private static final double MARGIN = 1e-9;

    private final CostModel costs;
    private final StepRelaxation relaxation;
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
    private final double longestLink;
    private final double[] leastBefore;
    private SubsetLabels now;
    private SubsetLabels next;
    private long looks;

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
        this.constant = relaxation.bound(weights)
                - relaxation.rest(0, relaxation.costs().units());
        this.costs = relaxation.costs();
        this.limit = limit;
        this.rounds = costs.microBatches() - 1;
        this.range = relaxation.range();
        this.now = new SubsetLabels(firstOf);
        this.next = new SubsetLabels(firstOf);
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
        this.longestLink = relaxation.limits().longestLink();
        this.longestRun = longestRuns();
        this.leastBefore = new double[costs.units() + 1];
        for (int unit = 1; unit <= costs.units(); unit++) {
            leastBefore[unit] = leastBefore(0, unit, 1);
        }
    }

    /** Whether there is no such plan; false as well once so many looks are spent. */
    boolean rulesOut(long mostLooks) {
        looks = 0;
        now.clear();
        now.add(0, costs.units(), limit, 0, constant, false);
        now.done();
        for (int place = 1; place <= costs.workers() && now.size() > 0; place++) {
            next.clear();
            boolean unsure = false;
            for (int i = 0; i < now.size() && !unsure; i++) {
                boolean reached = !now.isDropped(i) && extend(i, place);
                unsure = reached || looks + next.compared() > mostLooks || next.size() > MOST_LABELS;
            }
            next.done();
            looks += next.compared();
            if (unsure) {
                return false;
            }
            SubsetLabels done = now;
            now = next;
            next = done;
        }
        return true;
    }

    /** Looks at stages, and at labels of the same subset, in the last search: the measure of work that budgets are counted in. */
    long looks() {
        return looks;
    }

    /** Whether a stage before these reaches the first unit. */
    private boolean extend(int i, int place) {
        int end = now.first(i);
        double most = limit * (1 + MARGIN) - now.weight(i);
        for (int worker = 0; worker < classOf.length; worker++) {
            if (costs.isNext(now.subset(i), worker)) {
                int c = classOf[worker];
                for (int first = relaxation.limits().low(place, c, end); first < end; first++) {
                    looks++;
                    double weight = relaxation.stageWeight(c, first, end);
                    if (weight + relaxation.rest(place, first) <= most
                            && reachesFirst(i, place, worker, first, now.weight(i) + weight)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /** Keeps what one more stage reaches, unless that cannot be completed; whether it is complete. */
    private boolean reachesFirst(int i, int place, int worker, int first, double weight) {
        int end = now.first(i);
        double nanos = costs.compute(worker, first, end);
        double link = relaxation.limits().link(end);
        double behind = now.nanos(i) + link;
        if (rounds * nanos > range.slackHigh() + behind) {
            return false;
        }
        boolean hasLongest = now.hasLongest(i) || nanos >= range.longestLow();
        double most = Math.min(now.mostBefore(i) - link - nanos, limit - idling(nanos, behind, hasLongest));
        if (most < leastBefore[first] - MARGIN * limit) {
            return false;
        }
        double slack = relaxation.limits().leastSlack(place, worker, first, end, behind);
        most = Math.min(most, limit - behind - nanos - Math.max(slack, range.slackLow()));
        most = Math.min(most, mostPass - behind - nanos);
        if (slack > range.slackHigh() || most < leastBefore[first] - MARGIN * limit) {
            return false;
        }
        if (first == 0) {
            return hasLongest;
        }
        int with = now.subset(i) | 1 << worker;
        if (leastBefore(with, first, place + 1) <= most + MARGIN * limit
                && mostBefore(with, first, place + 1) + behind + nanos
                        >= relaxation.limits().leastPass() - MARGIN * limit) {
            next.add(with, first, most, behind + nanos, weight, hasLongest);
        }
        return false;
    }

    /** The most time that the workers left can take for units before {@code end}, as {@link #leastBefore} has the least. */
    private double mostBefore(int used, int end, int place) {
        double nanos = 0;
        for (int worker = 0; worker < classOf.length; worker++) {
            nanos += (used >> worker & 1) == 0 ? longestRun[place][classOf[worker]][end] + longestLink : 0;
        }
        return nanos;
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
                    double run = costs.compute(worker, relaxation.limits().low(place, c, end), end);
                    runs[end] = Math.max(runs[end - 1], Math.max(run, longest[place + 1][c][end]));
                }
            }
        }
        return longest;
    }
}
