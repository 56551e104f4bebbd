package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * How short a step can be at best whose slack and longest stage lie in a given {@link StepRange}, the slack being what a step
 * takes beyond the way of one micro-batch through all stages and back.
 *
 * <p>Stages are chosen within {@link StageLimits}, and {@link StepThresholds} say what the long ones make of the step. What is
 * hard is that no worker has two stages. So that is not asked: a worker pays a rent for each stage, and rents of one stage each
 * are given back. With weights for the pass and the thresholds, T is at least the cheapest way to cut the model into stages,
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
    private final StageLimits limits;
    private final long[][] sums;
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
        this.places = StageLimits.places(costs);
        this.range = range;
        this.thresholds = new StepThresholds(range, rounds, forwards, limit);
        this.limits = new StageLimits(costs, classes, range, known, limit);
        this.work = limits.looks();
        this.sums = new long[classes.count()][units + 1];
        for (int unit = 1; unit <= units; unit++) {
            for (int c = 0; c < sums.length; c++) {
                sums[c][unit] = costs.compute(classes.worker(c), 0, unit);
            }
        }
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

    static boolean affords(CostModel costs, WorkerClasses classes) {
        long ends = (long) classes.count() * costs.units();
        return StageLimits.places(costs) * ends <= MOST_TABLE_ENTRIES && ends * costs.units() <= MOST_STAGES;
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

    StageLimits limits() {
        return limits;
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

    /** What a stage that any place allows adds to a path, its link and rent included, after {@link #bound}. */
    double stageWeight(int workerClass, int first, int end) {
        return stageCost[workerClass][end][first - leastLow[workerClass][end]];
    }

    /** What both ways over the link before the unit weigh, after {@link #bound}. */
    double linkWeight(int unit) {
        return passWeight * limits.link(unit);
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
            if (piece.first < limits.low(i + 1, piece.workerClass, piece.end)) {
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
                if (limits.mayEnd(place, end)) {
                    for (int c = 0; c < sums.length; c++) {
                        relax(place, c, end, next);
                    }
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
        int low = limits.low(place, c, end);
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
            double way = nanos + limits.link(piece.first);
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
                    shortest[c][end] = Math.min(shortest[c][end], limits.low(place, c, end));
                }
            }
        }
        return shortest;
    }

    /** The first unit that so many stages reach from the end if anyone takes any of them. */
    private int[] farthest() {
        int[] reached = new int[places + 1];
        reached[0] = units;
        for (int place = 1; place <= places; place++) {
            int first = reached[place - 1];
            for (int c = 0; c < classes.count(); c++) {
                first = Math.min(first, limits.low(place, c, reached[place - 1]));
            }
            reached[place] = first;
        }
        return reached;
    }
}
