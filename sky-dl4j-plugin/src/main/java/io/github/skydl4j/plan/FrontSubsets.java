package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Arrays;

/**
 * Whether plans can have a step if {@link StageCaps} tell how long a stage can be that has a given head, units are whole,
 * memory is what it is, and a worker has one stage.
 *
 * <p>Stages are laid from the front, every subset of workers in turn with all that it can have reached ({@link FrontLabels}):
 * the end, the head of the next stage, and how many micro-batches can be in flight. Of two, one is dropped if the other has
 * reached as far or farther, with no longer a head and no fewer in flight: the stages that complete the first, without the
 * units that the second has already, complete the second as well. What the workers left cannot complete is dropped, each of
 * them taking at most the longest run that its memory holds. A shorter stage may be completed though a longer one is not, where
 * faster workers are left, and may not fit though a longer one does, where more stages follow: so every end is looked at. If
 * nothing reaches the end of the model, no plan has the step. O(subsets x reached x workers x ends x workers), bounded by a
 * budget of looks. Confined to one thread.
 */
final class FrontSubsets {

    private static final int CAP_CELLS = 4096;
    private static final double ROUNDING = 1e-6;

    private final CostModel costs;
    private final Idling idling;
    private final boolean memory;
    private final double[] slowness;
    private final double[] speed;
    private final int[] bySpeed;
    private final double[] workFrom;
    private final double[] links;
    private final double[] ownLinks;
    private final double leastLink;
    private final double[][] longestRun;
    private final double[] caps = new double[CAP_CELLS + 1];
    private final int[] unused;
    private int unusedCount;
    private FrontLabels now;
    private FrontLabels next;
    private double step;
    private double longest;
    private double mostPass;
    private long looks;

    FrontSubsets(CostModel costs) {
        this.costs = costs;
        this.idling = new Idling(costs);
        this.memory = costs.hasMemoryLimits();
        this.slowness = StepBound.fastestFactors(costs);
        this.speed = Arrays.stream(slowness).map(factor -> 1 / factor).toArray();
        this.bySpeed = StepBound.fastestFirst(costs);
        this.unused = new int[costs.workers()];
        this.workFrom = new double[costs.units() + 1];
        for (int unit = costs.units() - 1; unit >= 0; unit--) {
            workFrom[unit] = workFrom[unit + 1] + StepBound.reference(costs, unit);
        }
        this.links = new double[costs.units() + 1];
        for (int cut = 1; cut < costs.units(); cut++) {
            links[cut] = 2.0 * costs.fastestLink(cut);
        }
        this.ownLinks = OwnLinks.toWorkers(costs);
        this.leastLink = StepFloor.leastLink(costs);
        this.longestRun = longestRuns();
        int[] firstOf = new int[1 << costs.workers()];
        Arrays.fill(firstOf, -1);
        this.now = new FrontLabels(firstOf);
        this.next = new FrontLabels(firstOf);
    }

    /** How many stages were looked at in all searches. */
    long looks() {
        return looks;
    }

    /**
     * Whether there is no such plan; false as well once so many looks are spent in all searches.
     *
     * @param possible how long stages can be in plans of the step
     * @param leastLongest how long the longest stage takes at least
     * @param longestPass how long one micro-batch may take through all stages and back
     */
    boolean ruleOut(double ofStep, StageCaps possible, double leastLongest, double longestPass, long mostLooks) {
        step = ofStep;
        longest = leastLongest;
        mostPass = longestPass;
        for (int cell = 0; cell <= CAP_CELLS; cell++) {
            caps[cell] = Math.max(0, possible.at(step * cell / CAP_CELLS));
        }
        now.clear();
        now.add(0, 0, 0, costs.microBatches());
        now.done();
        for (int stage = 0; stage < costs.workers() && now.size() > 0; stage++) {
            next.clear();
            boolean unsure = false;
            for (int i = 0; i < now.size() && !unsure; i++) {
                unsure = (!now.isDropped(i) && extend(i)) || looks > mostLooks;
            }
            next.done();
            if (unsure) {
                return false;
            }
            FrontLabels done = now;
            now = next;
            next = done;
        }
        return true;
    }

    /** Whether a stage behind these reaches the end of the model. */
    private boolean extend(int i) {
        int used = now.subset(i);
        int first = now.end(i);
        for (int worker = 0; worker < slowness.length; worker++) {
            if (costs.isNext(used, worker)) {
                double head = now.head(i) + (used == 0 ? 0 : ownLinks[worker]);
                int with = used | 1 << worker;
                findUnused(with);
                for (int end = farthest(first, head, worker); end > first; end--) {
                    looks++;
                    double reached = head + costs.compute(worker, first, end);
                    double pass = leastPass(end, reached + links[end]);
                    int inFlight = Math.min(now.inFlight(i), inFlight(worker, first, end));
                    if (pass <= mostPass
                            && isInTime(head, reached, pass)
                            && (!memory || fits(worker, first, end, reached, pass, inFlight))) {
                        if (end == costs.units()) {
                            return true;
                        }
                        next.add(with, end, reached + links[end], inFlight);
                    }
                }
            }
        }
        return false;
    }

    private void findUnused(int used) {
        unusedCount = 0;
        for (int worker : bySpeed) {
            if ((used >> worker & 1) == 0) {
                unused[unusedCount++] = worker;
            }
        }
    }

    /** The last end that the cap allows. */
    private int farthest(int first, double head, int worker) {
        double room = cap(head);
        int low = first;
        int high = costs.units();
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (costs.compute(worker, first, middle) <= room) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Whether the stage is through in time with all that it must idle. */
    private boolean isInTime(double head, double reached, double pass) {
        double nanos = reached - head;
        double time = step * (1 + ROUNDING) - head;
        boolean behindLongest = head > step - costs.microBatches() * longest;
        return (!behindLongest || idling.behindLongest(nanos, pass - reached, longest) <= time)
                && (head == 0 || !idling.hasLinks() || idling.behindLink(nanos, pass - reached) <= time);
    }

    private boolean fits(int worker, int first, int end, double reached, double pass, int inFlight) {
        int behind = leastStages(end, reached + links[end]);
        if (!costs.fits(worker, first, end, costs.leastInFlight(1 + behind))) {
            return false;
        }
        if (costs.request().schedule() == ScheduleKind.GPIPE || inFlight >= costs.microBatches()) {
            return true;
        }
        double forward = costs.forward(worker, first, end);
        double backward = costs.backward(worker, first, end);
        return pass + InFlightSlack.least(costs.microBatches(), inFlight, forward, backward, pass - reached)
                <= step * (1 + ROUNDING);
    }

    private int inFlight(int worker, int first, int end) {
        return costs.hasMemoryLimit(worker)
                ? (int) Math.max(
                        1, Math.min(costs.microBatches(), costs.mostInFlight(new StagePlan(worker, first, end), 0)))
                : costs.microBatches();
    }

    /**
     * The least pass of plans whose first stages end here, in which the next has this head; infinite if the unused workers cannot
     * do the rest. They are filled fastest first, up to the cap of what is before them, of which those do not count that have
     * less memory than the cap: where in the order they come then plays no part. For caps each pays for its link in proportion to
     * its time, all of it for T / m. No plan has fewer stages than these, and so fewer links, where memory does not count.
     */
    private double leastPass(int end, double head) {
        double left = workFrom[end];
        double withLink = idling.withLink(step);
        double capped = head - leastLink;
        double pass = end == costs.units() ? head : capped;
        for (int i = 0; i < unusedCount && left > ROUNDING * workFrom[0]; i++) {
            int worker = unused[i];
            double room = cap(capped);
            double most = memory ? Math.min(room, longestRun[worker][end]) : room;
            double nanos = Math.min(most, left * slowness[worker]);
            left -= nanos * speed[worker];
            pass += memory ? nanos * withLink : nanos + leastLink;
            capped += most == room ? nanos * withLink : 0;
        }
        return left <= ROUNDING * workFrom[0] ? pass : Double.POSITIVE_INFINITY;
    }

    /** How many of the unused workers it takes at least to do the rest. */
    private int leastStages(int end, double head) {
        double room = cap(head);
        double[] most = new double[unusedCount];
        Arrays.setAll(most, i -> Math.min(room, longestRun[unused[i]][end]) * speed[unused[i]]);
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
        return caps[Math.max(0, Math.min(CAP_CELLS, (int) (head / step * CAP_CELLS)))];
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
