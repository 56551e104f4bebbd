package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

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
 * with the idling of {@link Idling} where the longest stage must be farther in front, or a link is, and the slack of {@link
 * InFlightSlack}; from the end S is known, and how many micro-batches in flight stages demand of those in front of them ({@link
 * StageLimits#mustHold}). Of two, one is dropped if the other has reached as far or farther, S is no more, D no less, and no
 * more is demanded ({@link SubsetLabels}): the stages that complete the first, without the
 * units that the second has already, complete the second as well. It may be that these make a plan of another range; then it is
 * there that the question is answered. What cannot be completed below the limit is dropped as well, be it that the relaxation
 * says so, or {@link WorkersLeft}: that they cannot do the rest in the time D, or cannot take as long as the pass in this range
 * is. If nothing reaches the first unit, there is no such plan. Bounded by a budget of looks. Confined to one thread.
 */
final class SubsetSearch {

    static final int MOST_WORKERS = 22;

    private static final int MOST_LABELS = 2_000_000;
    private static final double MARGIN = 1e-9;

    private final CostModel costs;
    private final StepRelaxation relaxation;
    private final double limit;
    private final double rounds;
    private final StepRange range;
    private final Idling idling;
    private final double[] ownLinks;
    private final double mostPass;
    private final double constant;
    private final WorkersLeft left;
    private final double[] leastBefore;
    private final StagesInFront[][] stagesInFront;
    private SubsetLabels now;
    private SubsetLabels next;
    private final List<List<StagePlan>> plans = new ArrayList<>();
    private StageTrail trail = new StageTrail();
    private boolean collecting;
    private boolean demanding = true;
    private long looks;

    /**
     * A search for steps, but for the update, below the limit.
     *
     * @param relaxation of the range and the limit
     * @param weights what it has found to be good ones
     * @param caps for the limit and the range
     * @param firstOf a {@link #table}
     * @param merged by what share of the limit times of labels that count as one can differ: the fewer there are, and the less is
     *     ruled out; 0 for all that can be
     */
    SubsetSearch(
            StepRelaxation relaxation,
            StepWeights weights,
            StageCaps caps,
            double limit,
            int[] firstOf,
            double merged) {
        this.relaxation = relaxation;
        this.constant = relaxation.bound(weights)
                - relaxation.rest(0, relaxation.costs().units());
        this.costs = relaxation.costs();
        this.limit = limit;
        this.rounds = costs.microBatches() - 1;
        this.range = relaxation.range();
        this.now = new SubsetLabels(firstOf, merged * limit);
        this.next = new SubsetLabels(firstOf, merged * limit);
        ForwardShares forwards = ForwardShares.of(costs);
        this.idling = new Idling(costs);
        this.ownLinks = OwnLinks.fromWorkers(costs);
        this.mostPass = limit - Math.max(range.slackLow(), rounds * forwards.ofLonger() * range.longestLow());
        this.left = new WorkersLeft(relaxation, caps, limit);
        this.leastBefore = new double[costs.units() + 1];
        for (int unit = 1; unit <= costs.units(); unit++) {
            leastBefore[unit] = left.least(0, unit, 1, 1, Double.POSITIVE_INFINITY);
        }
        this.stagesInFront = new StagesInFront[costs.workers() + 1][costs.units() + 1];
    }

    /** A table that searches of the same workers can share. */
    static int[] table(CostModel costs) {
        int[] firstOf = new int[1 << costs.workers()];
        Arrays.fill(firstOf, -1);
        return firstOf;
    }

    /** Whether there is no such plan; false as well once so many looks are spent. */
    boolean rulesOut(long mostLooks) {
        begin();
        for (int place = 1; place <= costs.workers() && now.left() > 0; place++) {
            next.clear();
            boolean unsure = false;
            for (int i = 0; i < now.left() && !unsure; i++) {
                boolean reached = extend(now.label(i), place);
                unsure = reached || looks + next.compared() > mostLooks || next.size() > MOST_LABELS;
            }
            endPlace();
            if (unsure) {
                return false;
            }
        }
        return true;
    }

    /**
     * Plans of which the search cannot say that they are not below the limit: those that are reached when only so many labels are
     * kept at each place, those with the least weight of what the relaxation completes them with.
     *
     * @param heldInFront whether stages in front must have room for what those behind them demand; other plans come of it if not
     */
    List<List<StagePlan>> plans(int labelsAPlace, int most, boolean heldInFront) {
        collecting = true;
        demanding = heldInFront;
        begin();
        for (int place = 1; place <= costs.workers() && now.left() > 0 && plans.size() < most; place++) {
            next.clear();
            for (int i = 0; i < now.left() && plans.size() < most; i++) {
                extend(now.label(i), place);
            }
            int at = place;
            next.keepLeast(labelsAPlace, label -> next.weight(label) + relaxation.rest(at, next.first(label)));
            endPlace();
        }
        collecting = false;
        demanding = true;
        return List.copyOf(plans);
    }

    /** The plan of which {@link #rulesOut} could not say that it is not below the limit, if that was why. */
    Optional<List<StagePlan>> reached() {
        return plans.stream().findFirst();
    }

    /** Looks at stages, and at labels of the same subset, in the last search: the measure of work that budgets are counted in. */
    long looks() {
        return looks;
    }

    private void begin() {
        looks = 0;
        trail = new StageTrail();
        plans.clear();
        now.clear();
        now.add(0, costs.units(), limit, 0, constant, 1, false);
        now.done();
    }

    private void endPlace() {
        next.done();
        looks += next.compared();
        SubsetLabels done = now;
        now = next;
        next = done;
    }

    /** Whether a stage before these reaches the first unit. */
    private boolean extend(int i, int place) {
        StagesInFront stages = stagesInFront(place, now.first(i));
        double most = limit * (1 + MARGIN) - now.weight(i);
        for (int stage = 0; stage < stages.size() && stages.leastWeight(stage) <= most; stage++) {
            looks++;
            if (costs.isNext(now.subset(i), stages.worker(stage)) && reachesFirst(i, place, stages, stage)) {
                return true;
            }
        }
        return false;
    }

    private StagesInFront stagesInFront(int place, int end) {
        StagesInFront stages = stagesInFront[place][end];
        if (stages == null) {
            stages = new StagesInFront(relaxation, left.classOf(), place, end, limit * (1 + MARGIN) - constant);
            looks += stages.size();
            stagesInFront[place][end] = stages;
        }
        return stages;
    }

    /** Keeps what one more stage reaches, unless that cannot be completed; whether it is complete. */
    private boolean reachesFirst(int i, int place, StagesInFront stages, int stage) {
        int worker = stages.worker(stage);
        int first = stages.first(stage);
        int end = now.first(i);
        long forward = stages.forward(stage);
        long backward = stages.backward(stage);
        double nanos = (double) forward + backward;
        double link = relaxation.limits().link(end) + (place == 1 ? 0 : ownLinks[worker]);
        double behind = now.nanos(i) + link;
        int mostInFlight = stages.mostInFlight(stage);
        if (rounds * nanos > range.slackHigh() + behind || (now.mustHold(i) > 1 && mostInFlight < now.mustHold(i))) {
            return false;
        }
        boolean hasLongest = now.hasLongest(i) || nanos >= range.longestLow();
        double most = Math.min(now.mostBefore(i) - link - nanos, limit - idling(nanos, behind, hasLongest, first == 0));
        if (most < leastBefore[first] - MARGIN * limit) {
            return false;
        }
        StageLimits limits = relaxation.limits();
        double slack = limits.leastSlack(mostInFlight, forward, backward, behind);
        most = Math.min(most, limit - behind - nanos - Math.max(slack, range.slackLow()));
        most = Math.min(most, mostPass - behind - nanos);
        if (slack > range.slackHigh() || most < leastBefore[first] - MARGIN * limit) {
            return false;
        }
        if (first == 0) {
            return hasLongest && endsWith(i, worker);
        }
        int with = now.subset(i) | 1 << worker;
        if (next.isCovered(with, first, most, behind + nanos, now.mustHold(i), hasLongest)) {
            return false;
        }
        int mustHold = demanding
                ? limits.mustHold(place, now.mustHold(i), mostInFlight, forward, backward, behind)
                : now.mustHold(i);
        double mostInFront = most + MARGIN * limit;
        double leastInFront = limits.leastPass() - MARGIN * limit - behind - nanos;
        if (left.least(with, first, place + 1, mustHold, mostInFront) <= mostInFront
                && left.most(with, first, place + 1, mustHold, leastInFront) >= leastInFront) {
            double weight = now.weight(i) + stages.leastWeight(stage) - relaxation.rest(place, first);
            int added = next.add(with, first, most, behind + nanos, weight, mustHold, hasLongest);
            if (added >= 0) {
                next.setTrail(added, trail.add(now.trail(i), worker, first));
            }
        }
        return false;
    }

    /** Takes the plan that the worker completes; whether that is all that is asked. */
    private boolean endsWith(int i, int worker) {
        plans.add(trail.stages(trail.add(now.trail(i), worker, 0), costs.units()));
        return !collecting;
    }

    /** What a stage takes and idles, where the longest one is in front of it or not. */
    private double idling(double nanos, double behind, boolean hasLongest, boolean isFirst) {
        double ofLongest =
                hasLongest ? costs.microBatches() * nanos : idling.behindLongest(nanos, behind, range.longestLow());
        return isFirst || !idling.hasLinks() ? ofLongest : Math.max(ofLongest, idling.behindLink(nanos, behind));
    }
}
