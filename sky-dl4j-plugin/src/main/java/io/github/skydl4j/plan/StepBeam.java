package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for short steps where a {@link StepRelaxation} says they may be. Stages are laid from the end, every worker at
 * most once; of the partial plans those are kept whose own weight and the relaxation's for what is left promise most.
 * Finds plans, proves nothing.
 */
final class StepBeam {

    private static final int WIDTH = 120;
    private static final int MOST_PLANS = 40;

    private final StepRelaxation relaxation;
    private final CostModel costs;
    private final WorkerClasses classes;
    private final double rounds;
    private final double slack;
    private final double limit;

    private StepBeam(StepRelaxation relaxation, double limit) {
        this.relaxation = relaxation;
        this.costs = relaxation.costs();
        this.classes = relaxation.classes();
        this.rounds = costs.microBatches() - 1;
        this.slack = relaxation.range().slackHigh();
        this.limit = limit;
    }

    /** A partial plan: its front stage, behind it the parent's. */
    private record Partial(
            @Nullable Partial parent, int added, int start, int end, double pass, double weight, long mark) {

        int[] used(int classCount) {
            int[] used = new int[classCount];
            for (Partial p = this; p != null && p.parent != null; p = p.parent) {
                used[p.added]++;
            }
            return used;
        }
    }

    private record Extension(Partial partial, double score) {}

    /** Plans of a step below the limit, if {@link StepBound} were all that counts; the shortest first. */
    static List<List<StagePlan>> plans(StepRelaxation relaxation, StepWeights weights, double limit) {
        relaxation.bound(weights);
        return new StepBeam(relaxation, limit).search(weights);
    }

    private List<List<StagePlan>> search(StepWeights weights) {
        int units = costs.units();
        List<Partial> beam = List.of(new Partial(null, -1, units, units, 0, 0, 0));
        List<Partial> complete = new ArrayList<>();
        for (int place = 1; place <= costs.workers() && !beam.isEmpty(); place++) {
            Map<Long, Extension> best = new HashMap<>();
            for (Partial partial : beam) {
                extend(partial, place, weights, best, complete);
            }
            beam = best.values().stream()
                    .sorted(Comparator.comparingDouble(Extension::score)
                            .thenComparingLong(extension -> extension.partial.mark)
                            .thenComparingInt(extension -> extension.partial.start))
                    .limit(WIDTH)
                    .map(Extension::partial)
                    .toList();
        }
        return complete.stream()
                .sorted(Comparator.comparingDouble(Partial::pass))
                .limit(MOST_PLANS)
                .map(this::stages)
                .toList();
    }

    private void extend(
            Partial partial, int place, StepWeights weights, Map<Long, Extension> best, List<Partial> complete) {
        int[] used = partial.used(classes.count());
        for (int c = 0; c < used.length; c++) {
            int low = used[c] < classes.size(c) ? relaxation.limits().low(place, c, partial.start) : partial.start;
            for (int start = partial.start - 1; start >= low; start--) {
                Partial longer = longer(partial, c, start, weights);
                double score = longer.weight + relaxation.rest(place, start);
                if (slack + longer.pass < limit && start == 0) {
                    complete.add(longer);
                } else if (slack + longer.pass < limit && score < StepRelaxation.IMPOSSIBLE) {
                    best.merge(
                            longer.mark * 31 + start,
                            new Extension(longer, score),
                            (old, other) -> old.score <= other.score ? old : other);
                }
            }
        }
    }

    /** A stage too long for what is behind it idles until it is not, as if the slack were longer. */
    private Partial longer(Partial partial, int c, int start, StepWeights weights) {
        double nanos = costs.compute(classes.worker(c), start, partial.start);
        double idle = Math.max(0, rounds * nanos - slack - partial.pass);
        double link = relaxation.limits().link(start);
        return new Partial(
                partial,
                c,
                start,
                partial.start,
                partial.pass + idle + nanos + link,
                partial.weight + idle + relaxation.weight(nanos) + relaxation.linkWeight(start) + weights.rent(c),
                partial.mark + BeamCovering.mark(c));
    }

    private List<StagePlan> stages(Partial complete) {
        int[] used = new int[classes.count()];
        List<StagePlan> stages = new ArrayList<>();
        for (Partial p = complete; p != null && p.parent != null; p = p.parent) {
            stages.add(new StagePlan(classes.members().get(p.added).get(used[p.added]++), p.start, p.end));
        }
        return stages;
    }
}
