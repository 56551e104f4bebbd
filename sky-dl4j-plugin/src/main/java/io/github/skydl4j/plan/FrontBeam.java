package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Fills stages from the front for a given step and longest stage: each takes all units, or all but one, that {@link
 * StageCaps} allow its worker. Of the partial plans those are kept whose idle workers could do most of what is left, if work
 * could be cut anywhere. Tries rising steps, and for each several longest stages. Finds plans, proves nothing. Confined to
 * one thread.
 */
final class FrontBeam {

    private static final int WIDTH = 400;
    private static final double[] STEPS = {1.005, 1.01, 1.015, 1.02, 1.03, 1.04, 1.06, 1.08, 1.12, 1.2, 1.3};
    private static final int LONGEST = 40;
    private static final double LONGER = 1.015;
    private static final int SIMULATIONS = 12;

    private final CostModel costs;
    private final WorkerClasses classes;
    private final double[] slowness;
    private final int[] bySpeed;
    private final double[] workBefore;

    private FrontBeam(CostModel costs) {
        this.costs = costs;
        this.classes = WorkerClasses.of(costs);
        double[] ofWorkers = StepBound.fastestFactors(costs);
        this.slowness = new double[classes.count()];
        Arrays.setAll(slowness, c -> ofWorkers[classes.worker(c)]);
        Integer[] order = new Integer[classes.count()];
        Arrays.setAll(order, c -> c);
        Arrays.sort(order, Comparator.comparingDouble(c -> slowness[c]));
        this.bySpeed = Arrays.stream(order).mapToInt(c -> c).toArray();
        this.workBefore = new double[costs.units() + 1];
        for (int unit = 0; unit < costs.units(); unit++) {
            workBefore[unit + 1] = workBefore[unit] + StepBound.reference(costs, unit);
        }
    }

    /** A partial plan: its last stage, before it the parent's. */
    private record Partial(@Nullable Partial parent, int added, int first, int end, double head, long mark) {

        int[] used(int classCount) {
            int[] used = new int[classCount];
            for (Partial p = this; p != null && p.parent != null; p = p.parent) {
                used[p.added]++;
            }
            return used;
        }
    }

    private record Extension(Partial partial, double left) {}

    /** The stages of the shortest step that it finds, or the given ones. */
    static List<StagePlan> from(CostModel costs, List<StagePlan> start, long floor, long bottleneckBound) {
        FrontBeam beam = new FrontBeam(costs);
        StepCost cost = new StepCost(costs);
        List<StagePlan> best = start;
        long least = Appraisal.step(costs, start);
        for (double over : STEPS) {
            double step = floor * over;
            if (step >= least) {
                break;
            }
            for (int i = 0; i < LONGEST; i++) {
                double longest = bottleneckBound * Math.pow(LONGER, i);
                Optional<StageCaps> caps = StepFloor.caps(costs, bottleneckBound, step, longest, longest);
                if (caps.isEmpty()) {
                    continue;
                }
                for (List<StagePlan> found : beam.search(caps.get())) {
                    long nanos = cost.below(least, found);
                    if (nanos < least) {
                        best = found;
                        least = nanos;
                    }
                }
            }
        }
        return best;
    }

    private long bound(List<StagePlan> stages) {
        return StepBound.ofPlan(StepTimes.of(costs, stages), costs.microBatches());
    }

    private List<List<StagePlan>> search(StageCaps caps) {
        List<Partial> beam = List.of(new Partial(null, -1, 0, 0, 0, 0));
        List<List<StagePlan>> complete = new ArrayList<>();
        for (int stage = 0; stage < costs.workers() && !beam.isEmpty() && complete.isEmpty(); stage++) {
            Map<Long, Extension> best = new HashMap<>();
            for (Partial partial : beam) {
                extend(partial, stage, caps, best, complete);
            }
            beam = best.values().stream()
                    .sorted(Comparator.comparingDouble(Extension::left)
                            .thenComparingLong(extension -> extension.partial.mark))
                    .limit(WIDTH)
                    .map(Extension::partial)
                    .toList();
        }
        return complete.stream()
                .sorted(Comparator.comparingLong(this::bound))
                .limit(SIMULATIONS)
                .toList();
    }

    private void extend(
            Partial partial, int stage, StageCaps caps, Map<Long, Extension> best, List<List<StagePlan>> complete) {
        int[] used = partial.used(classes.count());
        double room = caps.at(partial.head);
        for (int c = 0; c < used.length; c++) {
            if (used[c] == classes.size(c)) {
                continue;
            }
            int end = farthest(classes.worker(c), partial.end, room, costs.workers() - stage);
            used[c]++;
            for (int e = end; e > partial.end && e >= end - 1; e--) {
                Partial longer = longer(partial, c, e);
                if (e == costs.units()) {
                    complete.add(stages(longer));
                    break;
                }
                Extension extension = new Extension(longer, left(longer, used, caps));
                best.merge(longer.mark * 31 + e, extension, (old, other) -> old.left <= other.left ? old : other);
            }
            used[c]--;
        }
    }

    private int farthest(int worker, int first, double room, int place) {
        int end = first;
        int inFlight = costs.leastInFlight(place);
        while (end < costs.units()
                && costs.compute(worker, first, end + 1) <= room
                && costs.fits(worker, first, end + 1, inFlight)) {
            end++;
        }
        return end;
    }

    private Partial longer(Partial partial, int c, int end) {
        double nanos = costs.compute(classes.worker(c), partial.end, end);
        double link = partial.end == 0 ? 0 : 2.0 * costs.fastestLink(partial.end);
        return new Partial(
                partial, c, partial.end, end, partial.head + link + nanos, partial.mark + BeamCovering.mark(c));
    }

    /** Work that the idle workers could not do in time, less the time that would be left. */
    private double left(Partial partial, int[] used, StageCaps caps) {
        double head = partial.head;
        double left = workBefore[costs.units()] - workBefore[partial.end];
        for (int c : bySpeed) {
            for (int n = used[c]; n < classes.size(c); n++) {
                double room = Math.max(0, caps.at(head));
                left -= room / slowness[c];
                head += room;
            }
        }
        return left;
    }

    private List<StagePlan> stages(Partial complete) {
        int[] taken = new int[classes.count()];
        List<StagePlan> stages = new ArrayList<>();
        for (Partial p = complete; p != null && p.parent != null; p = p.parent) {
            stages.add(0, new StagePlan(classes.members().get(p.added).get(taken[p.added]++), p.first, p.end));
        }
        return stages;
    }
}
