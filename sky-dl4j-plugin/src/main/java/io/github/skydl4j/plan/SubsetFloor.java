package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Arrays;
import java.util.Optional;

/**
 * Rules steps out that {@link StepFloor} does not, since units are whole, memory is what it is, and a worker has one stage.
 *
 * <p>For a step T and a narrow range of the longest stage, {@link StageCaps} tell how long a stage can be that has a given head.
 * So stages are laid from the front, every subset of workers in turn with all that it can have reached: (end, head, in
 * flight). Of two, one is dropped if the other has reached as far or farther, in no more time, with no fewer micro-batches in
 * flight: the stages that complete the first, without the units that the second has already, complete the second as well. What
 * the workers left cannot complete is dropped, each of them taking at most the longest run that its memory holds. If nothing
 * reaches the end, no plan has the step T. O(subsets x reached x workers x ends x workers), bounded by a budget of work.
 * Confined to one thread.
 */
final class SubsetFloor {

    private static final int MOST_WORKERS = 22;
    private static final double[] GOALS = {1.0299, 1.025, 1.02};
    private static final int STEPS_ON_THE_WAY = 4;
    private static final long MOST_LOOKS = 100_000_000L;
    private static final double CELL = 1.01;
    private static final int CAP_CELLS = 4096;
    private static final double ROUNDING = 1e-6;

    private final CostModel costs;
    private final long bottleneckBound;
    private final double share;
    private final double[] slowness;
    private final int[] bySpeed;
    private final double[] workFrom;
    private final double[][] longestRun;
    private final boolean memory;
    private final double[] caps = new double[CAP_CELLS + 1];
    private final int[] firstOf;
    private Reached now = new Reached();
    private Reached next = new Reached();
    private double step;
    private double mostPass;
    private long looks;

    private SubsetFloor(CostModel costs, long bottleneckBound) {
        this.costs = costs;
        this.bottleneckBound = bottleneckBound;
        this.share = costs.request().schedule() == ScheduleKind.GPIPE
                ? 1
                : ForwardShares.of(costs).ofLonger();
        this.slowness = StepBound.fastestFactors(costs);
        this.bySpeed = StepBound.fastestFirst(costs);
        this.workFrom = new double[costs.units() + 1];
        for (int unit = costs.units() - 1; unit >= 0; unit--) {
            workFrom[unit] = workFrom[unit + 1] + StepBound.reference(costs, unit);
        }
        this.memory = costs.hasMemoryLimits();
        this.longestRun = longestRuns();
        this.firstOf = new int[1 << costs.workers()];
        Arrays.fill(firstOf, -1);
    }

    static boolean affords(CostModel costs) {
        return costs.workers() <= MOST_WORKERS && costs.microBatches() > 1 && !costs.hasLinks();
    }

    /**
     * A step that no plan beats: the proved one, or more. It tries the steps on the way to one from which {@code found} is a
     * small gap away, then those of smaller gaps, until one is not ruled out.
     */
    static long raised(CostModel costs, long proved, long found, long bottleneckBound) {
        SubsetFloor subsets = new SubsetFloor(costs, bottleneckBound);
        double update = (double) StepBound.leastUpdate(costs);
        double best = (double) proved;
        for (int i = 1; i < STEPS_ON_THE_WAY + GOALS.length; i++) {
            double goal = found / GOALS[Math.max(0, i - STEPS_ON_THE_WAY)];
            double wished = i < STEPS_ON_THE_WAY ? proved + (goal - proved) * i / STEPS_ON_THE_WAY : goal;
            if (wished > best) {
                if (!subsets.rulesOut(wished - update)) {
                    break;
                }
                best = wished;
            }
        }
        return (long) Math.floor(best);
    }

    private boolean rulesOut(double wished) {
        step = wished;
        double most = step / costs.microBatches();
        for (double low = bottleneckBound; low <= most; low *= CELL) {
            double high = low * CELL;
            Optional<StageCaps> possible = StepFloor.caps(costs, bottleneckBound, step, low, high);
            if (possible.isPresent()) {
                for (int cell = 0; cell <= CAP_CELLS; cell++) {
                    caps[cell] = Math.max(0, possible.get().at(step * cell / CAP_CELLS));
                }
                mostPass = (step - (costs.microBatches() - 1) * share * low) * (1 + ROUNDING);
                if (mayBe()) {
                    return false;
                }
            }
        }
        return true;
    }

    /** What subsets have reached, chained by subset; a table of numbers, as there are millions. */
    private static final class Reached {
        private int[] subset = new int[1024];
        private int[] end = new int[1024];
        private int[] inFlight = new int[1024];
        private double[] head = new double[1024];
        private int[] after = new int[1024];
        private boolean[] dropped = new boolean[1024];
        private int size;

        int add(int subset, int end, double head, int inFlight, int after) {
            if (size == this.end.length) {
                grow(2 * size);
            }
            this.subset[size] = subset;
            this.end[size] = end;
            this.head[size] = head;
            this.inFlight[size] = inFlight;
            this.after[size] = after;
            dropped[size] = false;
            return size++;
        }

        private void grow(int length) {
            subset = Arrays.copyOf(subset, length);
            end = Arrays.copyOf(end, length);
            inFlight = Arrays.copyOf(inFlight, length);
            head = Arrays.copyOf(head, length);
            after = Arrays.copyOf(after, length);
            dropped = Arrays.copyOf(dropped, length);
        }
    }

    /** Whether any workers reach the end, or the budget is spent. */
    private boolean mayBe() {
        now.size = 0;
        now.add(0, 0, 0, costs.microBatches(), -1);
        for (int stage = 0; stage < costs.workers() && now.size > 0; stage++) {
            next.size = 0;
            for (int i = 0; i < now.size; i++) {
                if (!now.dropped[i] && extend(i)) {
                    forget();
                    return true;
                }
            }
            forget();
            Reached done = now;
            now = next;
            next = done;
        }
        return false;
    }

    private void forget() {
        for (int i = 0; i < next.size; i++) {
            firstOf[next.subset[i]] = -1;
        }
    }

    /** Whether a stage behind this one reaches the end, or the budget is spent. */
    private boolean extend(int i) {
        int used = now.subset[i];
        for (int worker = 0; worker < slowness.length; worker++) {
            if (costs.isNext(used, worker)) {
                int with = used | 1 << worker;
                int first = now.end[i];
                double head = now.head[i];
                for (int end = farthest(i, worker, with); end > first; end--) {
                    double behind = head + costs.compute(worker, first, end);
                    if (++looks > MOST_LOOKS) {
                        return true;
                    }
                    if (leastPass(with, end, behind) > mostPass) {
                        break;
                    }
                    if (end == costs.units()) {
                        return true;
                    }
                    add(with, end, behind, Math.min(now.inFlight[i], inFlight(worker, first, end)));
                }
            }
        }
        return false;
    }

    private int farthest(int i, int worker, int with) {
        int first = now.end[i];
        double room = cap(now.head[i]);
        int low = first;
        int high = costs.units();
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (costs.compute(worker, first, middle) <= room && (!memory || fits(i, worker, middle, with))) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    private boolean fits(int i, int worker, int end, int with) {
        looks++;
        int first = now.end[i];
        double head = now.head[i] + costs.compute(worker, first, end);
        int behind = leastStages(with, end, head);
        if (!costs.fits(worker, first, end, costs.leastInFlight(1 + behind))) {
            return false;
        }
        int inFlight = Math.min(now.inFlight[i], inFlight(worker, first, end));
        double pass = leastPass(with, end, head);
        if (costs.request().schedule() == ScheduleKind.GPIPE || inFlight >= costs.microBatches() || pass > mostPass) {
            return true;
        }
        double forward = costs.forward(worker, first, end);
        double backward = costs.backward(worker, first, end);
        return pass + InFlightSlack.least(costs.microBatches(), inFlight, forward, backward, pass - head)
                <= step * (1 + ROUNDING);
    }

    private int inFlight(int worker, int first, int end) {
        return costs.hasMemoryLimit(worker)
                ? (int) Math.max(
                        1, Math.min(costs.microBatches(), costs.mostInFlight(new StagePlan(worker, first, end), 0)))
                : costs.microBatches();
    }

    private void add(int subset, int end, double head, int inFlight) {
        for (int i = firstOf[subset]; i >= 0; i = next.after[i]) {
            if (next.end[i] >= end && next.head[i] <= head && next.inFlight[i] >= inFlight) {
                return;
            }
        }
        int before = -1;
        for (int i = firstOf[subset]; i >= 0; i = next.after[i]) {
            if (next.end[i] <= end && next.head[i] >= head && next.inFlight[i] <= inFlight) {
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
        firstOf[subset] = next.add(subset, end, head, inFlight, firstOf[subset]);
    }

    /**
     * The least pass of plans that begin with these workers up to this end; infinite if the others cannot do the rest. They
     * are filled fastest first, up to the cap of what is before them, of which those do not count that have less memory than
     * the cap: where in the order they come then plays no part.
     */
    private double leastPass(int used, int end, double head) {
        double left = workFrom[end];
        double pass = head;
        double capped = head;
        for (int worker : bySpeed) {
            if (left <= 0) {
                return pass;
            }
            if ((used >> worker & 1) == 0) {
                double room = cap(capped);
                double nanos = memory ? Math.min(room, longestRun[worker][end]) : room;
                if (nanos >= left * slowness[worker]) {
                    return pass + left * slowness[worker];
                }
                left -= nanos / slowness[worker];
                pass += nanos;
                capped += nanos == room ? nanos : 0;
            }
        }
        return left <= ROUNDING * workFrom[0] ? pass : Double.POSITIVE_INFINITY;
    }

    /** How many of the workers left it takes at least to do the rest. */
    private int leastStages(int used, int end, double head) {
        double room = cap(head);
        double[] most = new double[slowness.length];
        for (int worker = 0; worker < most.length; worker++) {
            most[worker] = (used >> worker & 1) == 1 ? 0 : Math.min(room, longestRun[worker][end]) / slowness[worker];
        }
        Arrays.sort(most);
        double left = workFrom[end] * (1 - ROUNDING);
        int stages = 0;
        while (left > 0 && stages < most.length) {
            stages++;
            left -= most[most.length - stages];
        }
        return stages;
    }

    private double cap(double head) {
        return caps[Math.min(CAP_CELLS, (int) (head / step * CAP_CELLS))];
    }

    /** For every worker and unit the longest time of a run behind the unit that its memory holds. */
    private double[][] longestRuns() {
        int units = costs.units();
        double[][] longest = new double[costs.workers()][units + 1];
        for (int worker = 0; worker < longest.length; worker++) {
            int end = units;
            for (int first = units - 1; first >= 0; first--) {
                while (end > first && !costs.fits(worker, first, end, costs.leastInFlight(1))) {
                    end--;
                }
                longest[worker][first] =
                        Math.max(longest[worker][first + 1], (double) costs.compute(worker, first, end));
            }
        }
        return longest;
    }
}
