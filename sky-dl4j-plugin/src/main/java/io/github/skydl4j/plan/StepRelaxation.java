package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Arrays;
import java.util.List;

/**
 * How short a step can be at best whose slack lies in a given range, the slack being what a step takes beyond the way
 * of one micro-batch through all stages and back.
 *
 * <p>{@link StepBound} says of any plan with the step T and the slack z, of a stage of time t = f + b:
 *
 * <pre>
 *   (m - 1) max(f, b, c) &lt;= z
 *   (m - 1) t            &lt;= z + (time of the stages and links behind it)
 * </pre>
 *
 * which, the stages counted from the end, caps each in turn; and where memory allows only K &lt; m in flight, (m - 1) b +
 * (m - K) f &lt;= z, since no more than K forwards precede the first backward. Further, for any threshold s,
 *
 * <pre>
 *   T >= (m - 1) s + sum of all stages of s or longer
 * </pre>
 *
 * since the last of these has the others before it. What is hard is that no worker has two stages. So that is not
 * asked: a worker pays a rent for each stage, and rents of one stage each are given back. With weights for the pass and
 * the thresholds, T is at least the cheapest way to cut the model into stages, whoever takes them: a shortest path over
 * (place from the end, unit). Rents and weights are improved by cutting planes ({@link StepMaster}). O(places x units x stage lengths x
 * classes) a path. Confined to one thread.
 */
final class StepRelaxation {

    static final double IMPOSSIBLE = Double.POSITIVE_INFINITY;

    private static final long MOST_TABLE_ENTRIES = 4_000_000L;
    private static final long MOST_STAGES = 8_000_000L;
    private static final int THRESHOLDS = 16;
    private static final double LEAST_THRESHOLD = 0.3;
    private static final double TOWARDS_MASTER = 0.5;
    private static final double CLOSE = 5e-4;
    /** The most that a rent can be, in steps. */
    private static final double RENT_LIMIT = 2;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final int rounds;
    private final int units;
    private final int places;
    private final double slackLow;
    private final double slackHigh;
    private final long[][] sums;
    private final double[] links;
    private final int thresholds;
    private final double thresholdBase;
    private final double thresholdStep;
    private final int[][][] lows;
    private final int[] farthest;
    private final double[][] restCost;
    private final int[][] chosenClass;
    private final int[][] chosenStart;
    private final int[][] leastLow;
    private final double[][][] stageCost;
    private double[] weightOf = new double[0];
    private long work;

    /** For slacks in [low, high] of plans whose step is at least {@code floor}, which is proved. */
    StepRelaxation(CostModel costs, WorkerClasses classes, double slackLow, double slackHigh, double floor) {
        this.costs = costs;
        this.classes = classes;
        this.rounds = costs.microBatches() - 1;
        this.units = costs.units();
        this.places = places(costs, classes);
        this.slackLow = slackLow;
        this.slackHigh = slackHigh;
        this.sums = new long[classes.count()][units + 1];
        this.links = new double[units + 1];
        for (int unit = 1; unit <= units; unit++) {
            links[unit] = unit == units ? 0 : 2.0 * costs.fastestLink(unit);
            for (int c = 0; c < sums.length; c++) {
                sums[c][unit] = costs.compute(classes.worker(c), 0, unit);
            }
        }
        this.thresholds = rounds == 0 ? 0 : THRESHOLDS;
        double longest = rounds == 0 ? 1 : floor / rounds;
        this.thresholdBase = LEAST_THRESHOLD * longest;
        this.thresholdStep = (1 - LEAST_THRESHOLD) * longest / THRESHOLDS;
        this.lows = lows();
        this.farthest = farthest();
        this.restCost = new double[places + 1][units + 1];
        this.chosenClass = new int[places + 1][units + 1];
        this.chosenStart = new int[places + 1][units + 1];
        this.leastLow = leastLows();
        this.stageCost = new double[classes.count()][units + 1][];
        for (int c = 0; c < classes.count(); c++) {
            for (int end = 1; end <= units; end++) {
                stageCost[c][end] = new double[end - leastLow[c][end]];
            }
        }
    }

    /** Places are told apart where that is affordable, or memory needs it. */
    private static int places(CostModel costs, WorkerClasses classes) {
        int most = Math.min(costs.workers(), costs.units());
        boolean needed = Earnings.deepest(costs) > 1;
        return needed || (long) most * classes.count() * costs.units() <= MOST_TABLE_ENTRIES ? most : 1;
    }

    static boolean affords(CostModel costs, WorkerClasses classes) {
        long ends = (long) classes.count() * costs.units();
        return places(costs, classes) * ends <= MOST_TABLE_ENTRIES && ends * costs.units() <= MOST_STAGES;
    }

    /** Weights to begin with. */
    StepWeights weights() {
        return StepWeights.ofPass(classes.count(), thresholds);
    }

    /** How much has been done, in looks at a stage: the measure of work that budgets are counted in. */
    long work() {
        return work;
    }

    CostModel costs() {
        return costs;
    }

    WorkerClasses classes() {
        return classes;
    }

    double slackHigh() {
        return slackHigh;
    }

    /** The first unit of the longest stage that may end at {@code end}, as the so many-th from the end. */
    int low(int place, int workerClass, int end) {
        return lows[Math.min(place, places)][workerClass][end];
    }

    /** Both ways over the link before the unit. */
    double link(int unit) {
        return links[unit];
    }

    /** The cheapest stages before {@code end}, behind which there are {@code place} others, after {@link #bound}. */
    double rest(int place, int end) {
        return restCost[places == 1 ? 0 : Math.min(place, places)][end];
    }

    /** What a stage of this time weighs, after {@link #bound}. */
    double weight(double nanos) {
        return nanos * weightOf[level(nanos)];
    }

    /** Bound and the weights that proved it. */
    record Proof(double bound, StepWeights weights) {}

    /**
     * The best bound that so many paths from the weights find; stops beyond {@code enough}. Cutting planes, with every
     * question half-way between the best weights so far and those that {@link StepMaster} thinks best.
     */
    Proof ascend(StepWeights start, double enough, int paths) {
        Proof best = new Proof(bound(start), start);
        if (best.bound >= enough) {
            return best;
        }
        StepMaster master = new StepMaster(sizes(), constants(enough), RENT_LIMIT, path(enough));
        for (int i = 1; i < paths; i++) {
            StepWeights ideal = master.solve().times(enough);
            if (best.bound >= Math.min(enough, master.value() * enough * (1 - CLOSE))) {
                break;
            }
            StepWeights between = best.weights.towards(ideal, TOWARDS_MASTER);
            double bound = bound(between);
            best = bound > best.bound ? new Proof(bound, between) : best;
            if (bound == IMPOSSIBLE) {
                break;
            }
            master.add(path(enough));
        }
        return best;
    }

    private double[] sizes() {
        double[] sizes = new double[classes.count()];
        Arrays.setAll(sizes, classes::size);
        return sizes;
    }

    private double[] constants(double unit) {
        double[] constants = new double[1 + thresholds];
        Arrays.setAll(constants, i -> (i == 0 ? slackLow : rounds * threshold(i)) / unit);
        return constants;
    }

    /** The bound that these weights prove; infinite if there are no stages at all. */
    double bound(StepWeights weights) {
        weightOf = new double[thresholds + 1];
        weightOf[0] = weights.pass();
        double bound = weights.pass() * slackLow;
        for (int i = 1; i <= thresholds; i++) {
            weightOf[i] = weightOf[i - 1] + weights.threshold(i);
            bound += weights.threshold(i) * rounds * threshold(i);
        }
        for (int c = 0; c < classes.count(); c++) {
            bound -= weights.rent(c) * classes.size(c);
        }
        findPath(weights);
        if (restCost[0][units] == IMPOSSIBLE) {
            return IMPOSSIBLE;
        }
        return bound + restCost[0][units];
    }

    private void findPath(StepWeights weights) {
        weighStages(weights);
        if (places > 1) {
            Arrays.fill(restCost[places], IMPOSSIBLE);
            restCost[places][0] = 0;
        }
        for (int place = places; place >= 1; place--) {
            double[] cost = restCost[place - 1];
            double[] next = places == 1 ? cost : restCost[place];
            Arrays.fill(cost, IMPOSSIBLE);
            cost[0] = 0;
            int first = places == 1 ? 1 : Math.max(1, farthest[place - 1]);
            int last = places == 1 ? units : units - place + 1;
            for (int end = first; end <= last; end++) {
                for (int c = 0; c < sums.length; c++) {
                    relax(place, c, end, next);
                }
            }
        }
    }

    private void weighStages(StepWeights weights) {
        for (int c = 0; c < sums.length; c++) {
            for (int end = 1; end <= units; end++) {
                double[] cost = stageCost[c][end];
                int low = leastLow[c][end];
                for (int start = low; start < end; start++) {
                    double nanos = sums[c][end] - sums[c][start];
                    cost[start - low] = weight(nanos) + weights.pass() * links[start] + weights.rent(c);
                }
            }
        }
    }

    private void relax(int place, int c, int end, double[] next) {
        double[] stages = stageCost[c][end];
        int offset = leastLow[c][end];
        int low = lows[place][c][end];
        double best = restCost[place - 1][end];
        int bestStart = -1;
        work += end - low;
        for (int start = end - 1; start >= low; start--) {
            double value = next[start] + stages[start - offset];
            if (value < best) {
                best = value;
                bestStart = start;
            }
        }
        if (bestStart >= 0) {
            restCost[place - 1][end] = best;
            chosenClass[place - 1][end] = c;
            chosenStart[place - 1][end] = bestStart;
        }
    }

    /** The path found last, its times in units of so many nanoseconds. */
    private StepMaster.Path path(double unit) {
        Double[] uses = new Double[classes.count()];
        Double[] times = new Double[1 + thresholds];
        Arrays.fill(uses, 0.0);
        Arrays.fill(times, 0.0);
        int place = 0;
        int end = units;
        while (end > 0) {
            int c = chosenClass[place][end];
            int start = chosenStart[place][end];
            double nanos = sums[c][end] - sums[c][start];
            uses[c]++;
            times[0] += (nanos + links[start]) / unit;
            for (int i = 1; i <= level(nanos); i++) {
                times[i] += nanos / unit;
            }
            end = start;
            place += places == 1 ? 0 : 1;
        }
        return new StepMaster.Path(List.of(uses), List.of(times));
    }

    /** For every stage end the first unit that any place allows. */
    private int[][] leastLows() {
        int[][] shortest = new int[classes.count()][units + 1];
        for (int c = 0; c < classes.count(); c++) {
            for (int end = 1; end <= units; end++) {
                shortest[c][end] = end;
                for (int place = 1; place <= places; place++) {
                    shortest[c][end] = Math.min(shortest[c][end], lows[place][c][end]);
                }
            }
        }
        return shortest;
    }

    private double threshold(int number) {
        return thresholdBase + number * thresholdStep;
    }

    /** How many thresholds a stage of this time reaches. */
    private int level(double nanos) {
        int level = (int) ((nanos - thresholdBase) / thresholdStep);
        return Math.max(0, Math.min(thresholds, level));
    }

    private int[][][] lows() {
        int[][][] all = new int[places + 1][classes.count()][units + 1];
        double longestLink = Arrays.stream(links).max().orElse(0);
        double behind = slackHigh;
        for (int place = 1; place <= places; place++) {
            double cap = rounds == 0 || places == 1 ? Double.MAX_VALUE : behind / rounds;
            behind += cap + longestLink;
            for (int c = 0; c < classes.count(); c++) {
                int low = 0;
                for (int end = 1; end <= units; end++) {
                    while (low < end && !isPossible(place, classes.worker(c), low, end, cap)) {
                        low++;
                    }
                    all[place][c][end] = low;
                }
            }
        }
        return all;
    }

    private boolean isPossible(int place, int worker, int first, int end, double cap) {
        return costs.compute(worker, first, end) <= cap
                && costs.fits(worker, first, end, costs.leastInFlight(place))
                && leastSlack(place, worker, first, end) <= slackHigh;
    }

    private double leastSlack(int place, int worker, int first, int end) {
        double forward = costs.forward(worker, first, end);
        double backward = costs.backward(worker, first, end);
        if (costs.request().schedule() == ScheduleKind.GPIPE) {
            return rounds * (forward + backward);
        }
        double late = costs.microBatches() - mostInFlight(place, worker, first, end);
        return Math.max(rounds * backward + late * forward, rounds * forward + late * backward);
    }

    private long mostInFlight(int place, int worker, int first, int end) {
        if (costs.request().schedule() == ScheduleKind.ONE_F_ONE_B) {
            return places == 1 ? costs.microBatches() : costs.leastInFlight(place);
        }
        return Math.min(
                costs.microBatches(),
                costs.hasMemoryLimit(worker)
                        ? costs.mostInFlight(new StagePlan(worker, first, end), 0)
                        : costs.microBatches());
    }

    /** The first unit that so many stages reach from the end if anyone takes any of them. */
    private int[] farthest() {
        int[] reached = new int[places + 1];
        reached[0] = units;
        for (int place = 1; place <= places; place++) {
            int first = reached[place - 1];
            for (int c = 0; c < classes.count(); c++) {
                first = Math.min(first, lows[place][c][reached[place - 1]]);
            }
            reached[place] = first;
        }
        return reached;
    }
}
