package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * How long the stages of a plan can be whose slack and longest stage lie in a {@link StepRange}, by their place from the end,
 * the worker and the unit where they end: what a relaxation may choose from.
 *
 * <p>{@link StepBound} says of any plan with the step T and the slack z, of a stage of time t = f + b:
 *
 * <pre>
 *   (m - 1) max(f, b, c) &lt;= z
 *   (m - 1) t            &lt;= z + S      S: the time of the stages and links behind it
 * </pre>
 *
 * Where memory allows only so many in flight there is {@link InFlightSlack}. S is known to lie between two bounds: no stage
 * behind is longer than its worker can have one there, and the fastest workers take as long as they can for what is behind;
 * nor are the stages before any longer than their workers can have them, while the pass is as long as the step and the slack
 * make it. Limits make S more certain, and that makes the limits narrower: so they are worked out several times. Immutable.
 */
final class StageLimits {

    private static final int PASSES = 3;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final int rounds;
    private final int units;
    private final int places;
    private final StepRange range;
    private final double leastPass;
    private final double mostPass;
    private final int[] fastestClasses;
    private final double[] factors;
    private final double[] links;
    private final double longestLink;
    private final double[][] longest;
    private final double[] mostBefore;
    private final double[] mostBehind;
    private final double[][] leastBefore;
    private final double[][] leastBehind;
    private final int[][][] lows;
    private long looks;

    /** For plans in the range whose step is at least {@code known} and below {@code limit}. */
    StageLimits(CostModel costs, WorkerClasses classes, StepRange range, double known, double limit) {
        this.costs = costs;
        this.classes = classes;
        this.rounds = costs.microBatches() - 1;
        this.units = costs.units();
        this.places = places(costs);
        this.range = range;
        this.leastPass = known - range.slackHigh();
        this.mostPass = limit - range.slackLow();
        double[] ofWorker = StepBound.fastestFactors(costs);
        this.factors = IntStream.range(0, classes.count())
                .mapToDouble(c -> ofWorker[classes.worker(c)])
                .toArray();
        this.fastestClasses = IntStream.range(0, classes.count())
                .boxed()
                .sorted((a, b) -> Double.compare(factors[a], factors[b]))
                .mapToInt(Integer::intValue)
                .toArray();
        this.links = new double[units + 1];
        double slowest = 0;
        for (int unit = 1; unit < units; unit++) {
            links[unit] = 2.0 * costs.fastestLink(unit);
            slowest = Math.max(slowest, 2.0 * costs.slowestLink(unit));
        }
        this.longestLink = slowest;
        this.longest = new double[places + 2][classes.count()];
        this.mostBefore = new double[places + 1];
        this.mostBehind = new double[places + 1];
        this.leastBefore = new double[places + 1][units + 1];
        this.leastBehind = new double[places + 1][units + 1];
        this.lows = new int[places + 1][classes.count()][units + 1];
        for (int place = 1; place <= places; place++) {
            Arrays.fill(longest[place], range.longestHigh());
        }
        for (int i = 0; i < (places == 1 ? 1 : PASSES); i++) {
            findTimes();
            findLows();
            findLongest();
        }
    }

    /** Places are told apart where memory needs it, or the schedule, with which the place says how many are in flight. */
    static int places(CostModel costs) {
        boolean differ = Earnings.deepest(costs) > 1 || costs.request().schedule() == ScheduleKind.ONE_F_ONE_B;
        return differ ? Math.min(costs.workers(), costs.units()) : 1;
    }

    /** The first unit of the longest stage that may end at {@code end}, as the so many-th from the end. */
    int low(int place, int workerClass, int end) {
        return lows[Math.min(place, places)][workerClass][end];
    }

    /** Whether a stage may end before unit {@code end}, as the so many-th from the end. */
    boolean mayEnd(int place, int end) {
        int known = Math.min(place, places);
        return places == 1
                || (leastBehind[known][end] <= mostBehind[known]
                        && leastBefore[known - 1][end] + leastBehind[known][end] <= mostPass
                        && mostBefore[known - 1] + mostBehind[known] >= leastPass);
    }

    /** The least that both ways over the link before the unit take. */
    double link(int unit) {
        return links[unit];
    }

    /** How many stages were looked at to work out the limits. */
    long looks() {
        return looks;
    }

    /** The longest that both ways over any link take. */
    double longestLink() {
        return longestLink;
    }

    /** The least that the pass can be. */
    double leastPass() {
        return leastPass;
    }

    /** The slack that a stage needs which can have so many micro-batches in flight, with so much time behind it. */
    double leastSlack(long mostInFlight, long forward, long backward, double behind) {
        if (costs.request().schedule() == ScheduleKind.GPIPE) {
            return (double) rounds * (forward + backward);
        }
        return InFlightSlack.least(costs.microBatches(), mostInFlight, (double) forward, (double) backward, behind);
    }

    /**
     * How many micro-batches in flight the stages in front must be able to hold, that this one with so much time behind it can
     * have as many as the slack demands: whatever is in flight on a stage is so on all before it.
     *
     * @param place how many stages there are from the end, this one counted
     * @param heldBehind how many the stages behind it demand
     */
    int mustHold(int place, int heldBehind, long mostInFlight, long forward, long backward, double behind) {
        if (costs.request().schedule() != ScheduleKind.ROUND_TRIP) {
            return heldBehind;
        }
        int low = Math.max(heldBehind, Math.min(costs.microBatches(), place));
        if (leastSlack(low, forward, backward, behind) <= range.slackHigh()) {
            return low;
        }
        int high = (int) mostInFlight;
        while (low < high) {
            int middle = (low + high) / 2;
            if (leastSlack(middle, forward, backward, behind) <= range.slackHigh()) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** How many micro-batches a stage can have in flight, by the schedule and by its memory. */
    long mostInFlight(int place, int worker, int first, int end) {
        if (costs.request().schedule() == ScheduleKind.ONE_F_ONE_B) {
            return places == 1 ? costs.microBatches() : costs.leastInFlight(place);
        }
        return Math.min(
                costs.microBatches(),
                costs.hasMemoryLimit(worker)
                        ? costs.mostInFlight(new StagePlan(worker, first, end), 0)
                        : costs.microBatches());
    }

    /** Place 0 stands for the end of the model: all stages are before it. */
    private void findTimes() {
        for (int place = 0; place <= places; place++) {
            double[] before = longestOf(place + 1, places);
            double[] behind = longestOf(1, place - 1);
            mostBefore[place] = places == 1 ? Double.MAX_VALUE : sum(before, costs.workers() - place);
            mostBehind[place] = places == 1 ? Double.MAX_VALUE : sum(behind, Math.max(0, place - 1));
            fill(leastBefore[place], leastBehind[place], before, behind);
        }
    }

    /** For every class the longest stage at any of these places. */
    private double[] longestOf(int firstPlace, int lastPlace) {
        double[] most = new double[classes.count()];
        if (places == 1) {
            Arrays.fill(most, range.longestHigh());
        }
        for (int place = firstPlace; place <= lastPlace; place++) {
            for (int c = 0; c < most.length; c++) {
                most[c] = Math.max(most[c], longest[place][c]);
            }
        }
        return most;
    }

    /** The most time, links included, of so many stages that may each be as long as its worker's class allows. */
    private double sum(double[] longestOf, int stages) {
        int[] byLength = IntStream.range(0, longestOf.length)
                .boxed()
                .sorted((a, b) -> Double.compare(longestOf[b], longestOf[a]))
                .mapToInt(Integer::intValue)
                .toArray();
        double nanos = 0;
        int left = stages;
        for (int c : byLength) {
            int of = Math.min(left, classes.size(c));
            nanos += of * (longestOf[c] + longestLink);
            left -= of;
        }
        return nanos;
    }

    /** For every unit the least times in which those before it, and it and those behind it, can be passed. */
    private void fill(double[] before, double[] behind, double[] longestBefore, double[] longestBehind) {
        double work = 0;
        for (int unit = 0; unit < units; unit++) {
            work += StepBound.reference(costs, unit);
            before[unit + 1] = leastTime(longestBefore, work);
        }
        work = 0;
        for (int unit = units - 1; unit >= 0; unit--) {
            work += StepBound.reference(costs, unit);
            behind[unit] = leastTime(longestBehind, work);
        }
    }

    /** The least time in which the workers do so much work; infinite if they cannot. */
    private double leastTime(double[] longestOf, double work) {
        double nanos = 0;
        double left = work;
        for (int c : fastestClasses) {
            double room = classes.size(c) * longestOf[c];
            if (left * factors[c] <= room) {
                return nanos + left * factors[c];
            }
            nanos += room;
            left -= room / factors[c];
        }
        return left <= work * (1 - StepProof.ROUNDING) ? nanos : Double.POSITIVE_INFINITY;
    }

    private void findLows() {
        double pass = range.slackHigh() + mostPass;
        double behind = 0;
        for (int place = 1; place <= places; place++) {
            behind = Math.min(behind, mostBehind[place]);
            double cap = rounds == 0 || places == 1
                    ? range.longestHigh()
                    : Math.min(range.longestHigh(), (range.slackHigh() + behind) / rounds);
            behind += cap + longestLink;
            for (int c = 0; c < classes.count(); c++) {
                double[] busy = busyBefore(place, c);
                int worker = classes.worker(c);
                int low = 0;
                for (int end = 1; end <= units; end++) {
                    double least = costs.microBatches() * (double) costs.compute(worker, 0, end) - pass;
                    while (low > 0 && busy[low - 1] >= least && isPossible(place, worker, low - 1, end, cap)) {
                        low--;
                    }
                    while (low < end && !(busy[low] >= least && isPossible(place, worker, low, end, cap))) {
                        low++;
                    }
                    lows[place][c][end] = low;
                }
            }
        }
    }

    /**
     * Of every unit m times the class's time of what is before it, less the least time in which that is passed; the most of any
     * unit up to it, so that what a shorter stage may not do, a longer one may not either.
     */
    private double[] busyBefore(int place, int workerClass) {
        double[] busy = new double[units + 1];
        double most = Double.NEGATIVE_INFINITY;
        for (int unit = 0; unit <= units; unit++) {
            double nanos = costs.microBatches() * (double) costs.compute(classes.worker(workerClass), 0, unit);
            most = Math.max(most, nanos - leastBefore[place][unit]);
            busy[unit] = most;
        }
        return busy;
    }

    private void findLongest() {
        for (int place = 1; place <= places; place++) {
            for (int c = 0; c < classes.count(); c++) {
                double most = 0;
                for (int end = 1; end <= units; end++) {
                    most = Math.max(most, (double) costs.compute(classes.worker(c), lows[place][c][end], end));
                }
                longest[place][c] = most;
            }
        }
    }

    private boolean isPossible(int place, int worker, int first, int end, double cap) {
        looks++;
        long nanos = costs.compute(worker, first, end);
        double behind = Math.max(leastBehind[place][end], leastPass - mostBefore[place] - nanos);
        return nanos <= cap
                && costs.fits(worker, first, end, costs.leastInFlight(place))
                && leastSlack(
                                mostInFlight(place, worker, first, end),
                                costs.forward(worker, first, end),
                                costs.backward(worker, first, end),
                                behind)
                        <= range.slackHigh();
    }
}
