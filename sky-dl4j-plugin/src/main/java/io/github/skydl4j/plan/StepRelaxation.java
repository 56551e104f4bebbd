package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How short a step can be at best whose slack and longest stage lie in a given {@link StepRange}, the slack being what a step
 * takes beyond the way of one micro-batch through all stages and back.
 *
 * <p>{@link StepBound} says of any plan with the step T and the slack z, of a stage of time t = f + b:
 *
 * <pre>
 *   (m - 1) max(f, b, c) &lt;= z
 *   (m - 1) t            &lt;= z + S      S: the time of the stages and links behind it
 * </pre>
 *
 * which, the stages counted from the end, caps each in turn. Where memory allows only so many in flight there is {@link
 * InFlightSlack}, with the least S that the fastest workers make of what is behind, or that a known bound of the step leaves
 * behind the longest stages that may be before. Further there are {@link StepThresholds}. What is hard is that no worker has
 * two stages. So that is not asked: a worker pays a rent for each stage, and rents of one stage each are given back. With weights for the pass and the thresholds, T is at least the cheapest way to cut the model into stages,
 * whoever takes them: a shortest path over (place from the end, unit). Rents and weights are improved by cutting planes
 * ({@link StepMaster}). O(places x units x stage lengths x classes) a path. Confined to one thread.
 */
final class StepRelaxation {

    static final double IMPOSSIBLE = Double.POSITIVE_INFINITY;

    private static final long MOST_TABLE_ENTRIES = 4_000_000L;
    private static final long MOST_STAGES = 8_000_000L;
    private static final double TOWARDS_MASTER = 0.5;
    private static final double CLOSE = 1e-3;
    /** What the master costs for a path, in looks for each entry of its inverse. */
    private static final long LOOKS_PER_ENTRY = 1000;

    private static final int MOST_KNOWN = 60;
    /** The most that a rent can be, in steps. */
    private static final double RENT_LIMIT = 2;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final int rounds;
    private final int units;
    private final int places;
    private final StepRange range;
    private final StepThresholds thresholds;
    private final double leastPass;
    private final double mostPass;
    private final double[] leastBehind;
    private final double[] leastBefore;
    private final long[][] sums;
    private final double[] links;
    private final int[][][] lows;
    private final double longestBefore;
    private final int[] farthest;
    private final double[][] restCost;
    private final int[][] chosenClass;
    private final int[][] chosenStart;
    private final int[][] leastLow;
    private final double[][][] stageCost;
    private double[] weightOf = new double[0];
    private double[] ownWeight = new double[0];
    private double passWeight;
    private long work;

    /** For plans in the range whose step is at least {@code known} and below {@code limit}. */
    StepRelaxation(
            CostModel costs,
            WorkerClasses classes,
            ForwardShares forwards,
            StepRange range,
            double known,
            double limit) {
        this.costs = costs;
        this.classes = classes;
        this.rounds = costs.microBatches() - 1;
        this.units = costs.units();
        this.places = places(costs);
        this.range = range;
        this.thresholds = new StepThresholds(range, rounds, forwards, limit);
        this.leastPass = known - range.slackHigh();
        this.mostPass = limit - range.slackLow();
        double[] slowness = StepBound.fastestFactors(costs);
        Arrays.sort(slowness);
        this.leastBehind = leastBehind(slowness);
        this.leastBefore = leastBefore(slowness);
        this.sums = new long[classes.count()][units + 1];
        this.links = new double[units + 1];
        for (int unit = 1; unit <= units; unit++) {
            links[unit] = unit == units ? 0 : 2.0 * costs.fastestLink(unit);
            for (int c = 0; c < sums.length; c++) {
                sums[c][unit] = costs.compute(classes.worker(c), 0, unit);
            }
        }
        this.longestBefore = range.longestHigh() + Arrays.stream(links).max().orElse(0);
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

    /** Places are told apart where memory needs it. */
    private static int places(CostModel costs) {
        return Earnings.deepest(costs) > 1 ? Math.min(costs.workers(), costs.units()) : 1;
    }

    static boolean affords(CostModel costs, WorkerClasses classes) {
        long ends = (long) classes.count() * costs.units();
        return places(costs) * ends <= MOST_TABLE_ENTRIES && ends * costs.units() <= MOST_STAGES;
    }

    /** Weights to begin with. */
    StepWeights weights() {
        return StepWeights.ofPass(classes.count(), thresholds.count());
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

    StepRange range() {
        return range;
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
        int level = thresholds.level(nanos);
        double weight = nanos * weightOf[level];
        double counted = 1;
        for (int i = level + 1; i <= thresholds.count() && counted > 0; i++) {
            counted = thresholds.counted(i, nanos);
            weight += ownWeight[i] * counted;
        }
        return weight;
    }

    /** What both ways over the link before the unit weigh, after {@link #bound}. */
    double linkWeight(int unit) {
        return passWeight * links[unit];
    }

    /** A stage as a path has it: whichever worker of the class takes the units. */
    record Piece(int workerClass, int first, int end) {}

    /** Bound, the weights that proved it, and paths, each from the last stage to the first, that better weights must mind. */
    record Proof(double bound, StepWeights weights, List<List<Piece>> paths) {

        /** Nothing is known yet. */
        static Proof ofNothing(StepWeights weights) {
            return new Proof(0, weights, List.of());
        }
    }

    /**
     * The best bound that so many paths find, from what a wider range has found; stops beyond {@code enough}. Cutting
     * planes, with every question half-way between the best weights so far and those that {@link StepMaster} thinks best.
     */
    Proof ascend(Proof known, double enough, int most) {
        StepWeights weights = known.weights;
        double best = bound(weights);
        if (best >= enough) {
            return new Proof(best, weights, known.paths);
        }
        List<List<Piece>> paths = new ArrayList<>(List.of(path()));
        StepMaster master = new StepMaster(sizes(), constants(enough), RENT_LIMIT, cut(paths.get(0), enough));
        for (List<Piece> path : known.paths) {
            if (isPossible(path)) {
                paths.add(path);
                master.add(cut(path, enough));
            }
        }
        for (int i = 1; i < most; i++) {
            StepWeights ideal = master.solve().times(enough);
            if (best >= Math.min(enough, master.value() * enough * (1 - CLOSE))) {
                break;
            }
            StepWeights between = weights.towards(ideal, TOWARDS_MASTER);
            double bound = bound(between);
            if (bound > best) {
                best = bound;
                weights = between;
            }
            if (bound == IMPOSSIBLE) {
                break;
            }
            paths.add(path());
            master.add(cut(path(), enough));
            work += LOOKS_PER_ENTRY * master.rows() * master.rows();
        }
        return new Proof(best, weights, paths.subList(Math.max(0, paths.size() - MOST_KNOWN), paths.size()));
    }

    private boolean isPossible(List<Piece> path) {
        for (int i = 0; i < path.size(); i++) {
            Piece piece = path.get(i);
            if (piece.first < low(i + 1, piece.workerClass, piece.end)) {
                return false;
            }
        }
        return true;
    }

    private double[] sizes() {
        double[] sizes = new double[classes.count()];
        Arrays.setAll(sizes, classes::size);
        return sizes;
    }

    private double[] constants(double unit) {
        double[] constants = new double[1 + thresholds.count()];
        Arrays.setAll(constants, i -> (i == 0 ? range.slackLow() : thresholds.constant(i)) / unit);
        return constants;
    }

    /** The bound that these weights prove; infinite if there are no stages at all. */
    double bound(StepWeights weights) {
        weightOf = new double[thresholds.count() + 1];
        double bound = weights.pass() * range.slackLow();
        passWeight = weights.pass();
        for (int i = 1; i <= thresholds.count(); i++) {
            passWeight += weights.threshold(i) * thresholds.passShare(i);
            bound += weights.threshold(i) * thresholds.constant(i);
        }
        ownWeight = new double[thresholds.count() + 1];
        weightOf[0] = passWeight;
        for (int i = 1; i <= thresholds.count(); i++) {
            ownWeight[i] = weights.threshold(i) * (1 - thresholds.passShare(i));
            weightOf[i] = weightOf[i - 1] + ownWeight[i];
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
                    cost[start - low] = weight(nanos) + linkWeight(start) + weights.rent(c);
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

    /** The path found last. */
    private List<Piece> path() {
        List<Piece> pieces = new ArrayList<>();
        int place = 0;
        int end = units;
        while (end > 0) {
            Piece piece = new Piece(chosenClass[place][end], chosenStart[place][end], end);
            pieces.add(piece);
            end = piece.first;
            place += places == 1 ? 0 : 1;
        }
        return pieces;
    }

    /** What the path says of all weights, its times in units of so many nanoseconds. */
    private StepMaster.Path cut(List<Piece> path, double unit) {
        Double[] uses = new Double[classes.count()];
        Double[] times = new Double[1 + thresholds.count()];
        Arrays.fill(uses, 0.0);
        Arrays.fill(times, 0.0);
        for (Piece piece : path) {
            double nanos = sums[piece.workerClass][piece.end] - sums[piece.workerClass][piece.first];
            double way = nanos + links[piece.first];
            uses[piece.workerClass]++;
            times[0] += way / unit;
            for (int i = 1; i <= thresholds.count(); i++) {
                double share = thresholds.passShare(i);
                times[i] += (share * way + (1 - share) * thresholds.counted(i, nanos)) / unit;
            }
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

    private int[][][] lows() {
        int[][][] all = new int[places + 1][classes.count()][units + 1];
        double longestLink = Arrays.stream(links).max().orElse(0);
        double behind = range.slackHigh();
        for (int place = 1; place <= places; place++) {
            double cap =
                    rounds == 0 || places == 1 ? range.longestHigh() : Math.min(range.longestHigh(), behind / rounds);
            behind += cap + longestLink;
            for (int c = 0; c < classes.count(); c++) {
                int low = 0;
                for (int end = 1; end <= units; end++) {
                    while (low > 0 && isPossible(place, classes.worker(c), low - 1, end, cap)) {
                        low--;
                    }
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
        long nanos = costs.compute(worker, first, end);
        return nanos <= cap
                && costs.microBatches() * (double) nanos <= range.slackHigh() + mostPass - leastBefore[first]
                && costs.fits(worker, first, end, costs.leastInFlight(place))
                && leastSlack(place, worker, first, end, behind(place, end, (double) nanos)) <= range.slackHigh();
    }

    /** The slack that a stage needs which has so many from the end, itself counted, and so much time behind it. */
    double leastSlack(int place, int worker, int first, int end, double behind) {
        double forward = costs.forward(worker, first, end);
        double backward = costs.backward(worker, first, end);
        if (costs.request().schedule() == ScheduleKind.GPIPE) {
            return rounds * (forward + backward);
        }
        return InFlightSlack.least(
                costs.microBatches(), mostInFlight(place, worker, first, end), forward, backward, behind);
    }

    /** The least time of the stages and links behind a stage. */
    private double behind(int place, int end, double nanos) {
        double before = places == 1 ? Double.MAX_VALUE : (costs.workers() - place) * longestBefore;
        return Math.max(leastBehind[end], leastPass - before - nanos);
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

    /** For every unit the least time in which it and those behind it can be passed by the fastest workers. */
    private double[] leastBehind(double[] slowness) {
        double[] behind = new double[units + 1];
        double work = 0;
        for (int unit = units - 1; unit >= 0; unit--) {
            work += StepBound.reference(costs, unit);
            behind[unit] = leastTime(slowness, work);
        }
        return behind;
    }

    /** For every unit the least time in which those before it can be passed by the fastest workers. */
    private double[] leastBefore(double[] slowness) {
        double[] before = new double[units + 1];
        double work = 0;
        for (int unit = 0; unit < units; unit++) {
            work += StepBound.reference(costs, unit);
            before[unit + 1] = leastTime(slowness, work);
        }
        return before;
    }

    private double leastTime(double[] slowness, double work) {
        double nanos = 0;
        double left = work;
        for (int i = 0; i < slowness.length && left > 0; i++) {
            double part = i == slowness.length - 1 ? left : Math.min(left, range.longestHigh() / slowness[i]);
            nanos += part * slowness[i];
            left -= part;
        }
        return nanos;
    }
}
