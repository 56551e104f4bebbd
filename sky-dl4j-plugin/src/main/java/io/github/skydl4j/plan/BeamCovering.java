package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A beam search for workers in any order, where subsets are too many. As {@link SubsetCovering} it lays stages from
 * the end, but keeps only a few partial plans: those whose workers earned most above what is typical of each, under
 * the prices. A partial plan whose workers left cannot earn the price of the units left, each at its best, is dropped.
 * Finds plans, proves nothing. O(stages x width x classes) a question.
 */
final class BeamCovering implements Covering {

    private final CostModel costs;
    private final WorkerClasses classes;
    private final PriceBound bound;
    private final int width;

    BeamCovering(CostModel costs, WorkerClasses classes, PriceBound bound, int width) {
        this.costs = costs;
        this.classes = classes;
        this.bound = bound;
        this.width = width;
    }

    /** A partial plan: {@code added} is the class of its front stage, behind it the stages of {@code parent}. */
    private record Partial(@Nullable Partial parent, int added, int start, double slack, double score, long mark) {

        int[] used(int classes) {
            int[] used = new int[classes];
            for (Partial p = this; p != null && p.parent != null; p = p.parent) {
                used[p.added]++;
            }
            return used;
        }
    }

    @Override
    public Optional<List<StagePlan>> within(long bottleneckNanos) {
        if (bound.isImpossible(bottleneckNanos)) {
            return Optional.empty();
        }
        Reach reach = Reach.certain(costs, bottleneckNanos);
        return search(reach, bound.prices(), Earnings.of(costs, classes.workers(), reach, bound.prices()));
    }

    private Optional<List<StagePlan>> search(Reach reach, Prices prices, Earnings earnings) {
        double all = earnings.gainFrom(1);
        for (int c = 0; c < classes.count(); c++) {
            all += earnings.deep(c) * classes.size(c);
        }
        List<Partial> beam = List.of(new Partial(null, -1, costs.units(), all - 1, 0, 0));
        for (int stages = 1; stages <= costs.workers() && !beam.isEmpty(); stages++) {
            Candidates candidates = new Candidates(2 * width);
            for (int i = 0; i < beam.size(); i++) {
                Partial complete = extend(reach, prices, earnings, beam.get(i), i, stages, candidates);
                if (complete != null) {
                    return Optional.of(trace(reach, complete));
                }
            }
            beam = survivors(beam, candidates);
        }
        return Optional.empty();
    }

    private @Nullable Partial extend(
            Reach reach,
            Prices prices,
            Earnings earnings,
            Partial partial,
            int index,
            int stages,
            Candidates candidates) {
        int[] used = partial.used(classes.count());
        for (int c = 0; c < used.length; c++) {
            if (used[c] < classes.size(c)) {
                double spent = earnings.deep(c) + earnings.gainFrom(stages) - earnings.gainFrom(stages + 1);
                int start = reach.first(classes.worker(c), stages, partial.start);
                double earned = prices.of(start, partial.start);
                double slack = partial.slack - spent + earned;
                if (start == 0) {
                    return new Partial(partial, c, 0, slack, 0, 0);
                }
                if (start < partial.start && slack >= -1e-9) {
                    candidates.offer(partial.score + earned - earnings.typical(c), slack, index, c, start);
                }
            }
        }
        return null;
    }

    private List<Partial> survivors(List<Partial> beam, Candidates candidates) {
        Set<Long> seen = new HashSet<>();
        List<Partial> survivors = new ArrayList<>();
        for (Candidates.Candidate candidate : candidates.bestFirst()) {
            Partial parent = beam.get(candidate.parent());
            long mark = parent.mark + mark(candidate.added());
            if (survivors.size() < width && seen.add(mark * 31 + candidate.start())) {
                survivors.add(new Partial(
                        parent, candidate.added(), candidate.start(), candidate.slack(), candidate.score(), mark));
            }
        }
        return survivors;
    }

    private List<StagePlan> trace(Reach reach, Partial complete) {
        int[] used = new int[classes.count()];
        List<Integer> fromFront = new ArrayList<>();
        for (Partial p = complete; p != null && p.parent != null; p = p.parent) {
            fromFront.add(classes.members().get(p.added).get(used[p.added]++));
        }
        return OrderedCovering.stagesFromEnd(costs, reach, fromFront);
    }

    /** A well mixed number for a class: the sum over a subset tells subsets apart. */
    static long mark(int c) {
        long x = (c + 1) * 0x9E3779B97F4A7C15L;
        x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
        x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
        return x ^ (x >>> 31);
    }
}
