package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What the workers that have no stage yet can do at best in {@link SubsetSearch}: in how little time they pass the units in
 * front, and how long that can take. Immutable.
 */
final class WorkersLeft {

    private static final int CAP_CELLS = 4096;
    private static final double ROUNDING = 1e-6;

    private final CostModel costs;
    private final StepRelaxation relaxation;
    private final double limit;
    private final double[] caps = new double[CAP_CELLS + 1];
    private final double[] slowness;
    private final int[] bySpeed;
    private final double[] mostSlowness;
    private final int[] bySlowness;
    private final double[] workTo;
    private final int[] classOf;
    private final int[] levelOf;
    private final double[][][][] longestRun;

    /**
     * For a step below the limit.
     *
     * @param relaxation of the range and the limit
     * @param stageCaps for them
     */
    WorkersLeft(StepRelaxation relaxation, StageCaps stageCaps, double limit) {
        this.costs = relaxation.costs();
        this.relaxation = relaxation;
        this.limit = limit;
        this.slowness = StepBound.fastestFactors(costs);
        this.bySpeed = StepBound.fastestFirst(costs);
        this.mostSlowness = StepBound.slowestFactors(costs);
        this.bySlowness = IntStream.range(0, costs.workers())
                .boxed()
                .sorted(Comparator.comparingDouble(worker -> -mostSlowness[worker]))
                .mapToInt(Integer::intValue)
                .toArray();
        for (int cell = 0; cell <= CAP_CELLS; cell++) {
            caps[cell] = Math.max(0, stageCaps.at(limit * cell / CAP_CELLS));
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
        List<Integer> levels = levels(costs.microBatches());
        this.levelOf = new int[costs.microBatches() + 1];
        this.longestRun = new double[levels.size()][][][];
        for (int level = 0; level < levels.size(); level++) {
            longestRun[level] = longestRuns(levels.get(level));
            for (int held = levels.get(level); held < levelOf.length; held++) {
                levelOf[held] = level;
            }
        }
    }

    /** The class of every worker. */
    int[] classOf() {
        return classOf;
    }

    /**
     * The most time that they can take for the units before {@code end}, as {@link #least} has the least: the slowest first, since
     * no more can be done than there is.
     *
     * @param enough what lies above is not told apart
     */
    double most(int used, int end, int place, int inFlight, double enough) {
        double[] longest = longestRun[levelOf[inFlight]][place][end];
        double link = relaxation.limits().longestLink();
        double left = workTo[end];
        double nanos = 0;
        for (int worker : bySlowness) {
            if ((used >> worker & 1) == 0) {
                double room = longest[classOf[worker]];
                double own = Math.min(room, left * mostSlowness[worker]);
                nanos += own + link;
                if (nanos >= enough) {
                    return nanos;
                }
                left -= own > 0 ? own / mostSlowness[worker] : 0;
            }
        }
        return nanos;
    }

    /**
     * The least time in which they pass the units before {@code end}, as the {@code place}-th stage from the end and those before
     * it, each with so many micro-batches in flight or more; infinite if they cannot. They are filled fastest first, up to the cap
     * of what is before them, of which those do not count that have less memory than the cap: where in the order they come then
     * plays no part.
     *
     * @param enough what lies above is not told apart
     */
    double least(int used, int end, int place, int inFlight, double enough) {
        double[] longest = longestRun[levelOf[inFlight]][place][end];
        double left = workTo[end];
        double nanos = 0;
        double capped = 0;
        for (int worker : bySpeed) {
            if ((used >> worker & 1) == 0) {
                double cap = caps[Math.min(CAP_CELLS, (int) (capped / limit * CAP_CELLS))];
                double room = Math.min(cap, longest[classOf[worker]]);
                if (room >= left * slowness[worker]) {
                    return nanos + left * slowness[worker];
                }
                left -= room / slowness[worker];
                nanos += room;
                if (nanos > enough) {
                    return nanos;
                }
                capped += room == cap ? room : 0;
            }
        }
        return left <= ROUNDING * workTo[costs.units()] ? nanos : Double.POSITIVE_INFINITY;
    }

    /** Numbers of micro-batches in flight that are told apart, from 1 on: those between count as the next lower one. */
    private static List<Integer> levels(int microBatches) {
        List<Integer> levels = new ArrayList<>();
        for (int level = 1; level <= microBatches; level *= 2) {
            levels.add(level);
            if (level > 1 && level / 2 * 3 <= microBatches) {
                levels.add(level / 2 * 3);
            }
        }
        return levels;
    }

    /**
     * For every place from the end, unit and class the longest time of a stage there, or farther in front, before the unit, that
     * has room for so many micro-batches in flight.
     */
    private double[][][] longestRuns(int inFlight) {
        int classes = relaxation.classes().count();
        double[][][] longest = new double[costs.workers() + 2][costs.units() + 1][classes];
        for (int c = 0; c < classes; c++) {
            int worker = relaxation.classes().worker(c);
            int[] lows = lows(worker, inFlight);
            for (int place = costs.workers(); place > 0; place--) {
                double[][] runs = longest[place];
                for (int end = 1; end <= costs.units(); end++) {
                    int low = Math.max(lows[end], relaxation.limits().low(place, c, end));
                    double run = costs.compute(worker, low, end);
                    runs[end][c] = Math.max(runs[end - 1][c], Math.max(run, longest[place + 1][end][c]));
                }
            }
        }
        return longest;
    }

    /** For every unit the first one of the longest stage before it that fits with so many in flight. */
    private int[] lows(int worker, int inFlight) {
        int[] lows = new int[costs.units() + 1];
        int low = 0;
        for (int end = 1; end <= costs.units(); end++) {
            while (low < end && !costs.fits(worker, low, end, inFlight)) {
                low++;
            }
            lows[end] = low;
        }
        return lows;
    }
}
