package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The allocation of least bottleneck, and a bound that no allocation beats; equal where the search was exact.
 *
 * <p>First a bound from prices and a plan from a beam search close in on the optimum from both sides; then, if the
 * subsets of workers are few enough, an exact search settles what lies between.
 */
record LeastBottleneck(List<StagePlan> stages, long bound) {

    private static final long MOST_SUBSETS = 1L << 22;
    private static final int NARROW_BEAM = 16;
    private static final int MIDDLE_BEAM = 256;
    private static final int WIDE_BEAM = 512;
    private static final long MOST_BEAM_WORK = 4_000_000;

    /**
     * Solves it.
     *
     * @throws InfeasiblePlanException if no stages fit, or for many distinct workers if none are found
     */
    static LeastBottleneck of(CostModel costs) {
        if (!costs.hasEqualLinks()) {
            return unequalLinks(costs);
        }
        return costs.request().options().freeOrder() ? freeOrder(costs) : givenOrder(costs);
    }

    boolean isProved(CostModel costs) {
        return BottleneckSearch.bottleneck(costs, stages) == bound;
    }

    private static LeastBottleneck givenOrder(CostModel costs) {
        Covering covering = new OrderedCovering(costs, clusterOrder(costs));
        List<StagePlan> any = covering.within(Long.MAX_VALUE).orElseThrow(() -> Infeasibility.of(costs));
        return proved(costs, BottleneckSearch.improve(costs, covering, StepBound.bottleneck(costs), any));
    }

    /** Exact for few workers; for more, every cut is counted with the slowest link, and the bound with the fastest. */
    private static LeastBottleneck unequalLinks(CostModel costs) {
        if (PairCovering.affords(costs)) {
            Covering covering = new PairCovering(costs);
            List<StagePlan> any = covering.within(Long.MAX_VALUE).orElseThrow(() -> Infeasibility.of(costs));
            return proved(costs, BottleneckSearch.improve(costs, covering, StepBound.bottleneck(costs), any));
        }
        LeastBottleneck cautious = costs.request().options().freeOrder() ? freeOrder(costs) : givenOrder(costs);
        PriceBound bound = new PriceBound(costs);
        bound.raise(BottleneckSearch.bottleneck(costs, cautious.stages));
        return new LeastBottleneck(cautious.stages, bound.bound());
    }

    private static LeastBottleneck freeOrder(CostModel costs) {
        WorkerClasses classes = WorkerClasses.of(costs);
        PriceBound bound = new PriceBound(costs);
        Optional<List<StagePlan>> found = anyPlan(costs, classes, bound);
        if (classes.subsets() > MOST_SUBSETS) {
            List<StagePlan> start = found.orElseThrow(() -> Infeasibility.of(costs));
            boolean wider = affordable(costs, classes, WIDE_BEAM) > NARROW_BEAM;
            return bounded(costs, wider ? beam(costs, classes, bound, WIDE_BEAM, start) : start, bound);
        }
        List<StagePlan> start = found.or(() -> exact(costs, classes, bound).within(Long.MAX_VALUE))
                .orElseThrow(() -> Infeasibility.of(costs));
        List<StagePlan> close = beam(costs, classes, bound, MIDDLE_BEAM, start);
        return proved(
                costs, BottleneckSearch.improveDownwards(costs, exact(costs, classes, bound), bound.bound(), close));
    }

    private static Covering exact(CostModel costs, WorkerClasses classes, PriceBound bound) {
        return new SubsetCovering(costs, classes, bound.prices());
    }

    /** A fair plan if one is easily found, with the bound raised on the way. */
    private static Optional<List<StagePlan>> anyPlan(CostModel costs, WorkerClasses classes, PriceBound bound) {
        Optional<List<StagePlan>> start = orders(costs)
                .map(order -> new OrderedCovering(costs, order).within(Long.MAX_VALUE))
                .flatMap(Optional::stream)
                .findFirst()
                .or(() -> new BeamCovering(costs, classes, bound, affordable(costs, classes, WIDE_BEAM))
                        .within(Long.MAX_VALUE));
        start.ifPresent(stages -> bound.raise(BottleneckSearch.bottleneck(costs, stages)));
        return start.map(stages -> beam(costs, classes, bound, NARROW_BEAM, stages));
    }

    private static List<StagePlan> beam(
            CostModel costs, WorkerClasses classes, PriceBound bound, int width, List<StagePlan> start) {
        return BottleneckSearch.improve(
                costs,
                new BeamCovering(costs, classes, bound, affordable(costs, classes, width)),
                bound.bound(),
                start,
                tolerance(costs, classes));
    }

    private static int affordable(CostModel costs, WorkerClasses classes, int width) {
        long workPerPlan = (long) Math.min(costs.workers(), costs.units()) * classes.count();
        return (int) Math.max(1, Math.min(width, MOST_BEAM_WORK / workPerPlan));
    }

    /** The finer, the smaller the problem: 1e-9 of the bottleneck for every worker class and unit. */
    private static double tolerance(CostModel costs, WorkerClasses classes) {
        return 1e-9 * classes.count() * costs.units();
    }

    /** With the bound found on the way, after a last try to prove that nothing lies below the plan. */
    private static LeastBottleneck bounded(CostModel costs, List<StagePlan> stages, PriceBound bound) {
        long found = BottleneckSearch.bottleneck(costs, stages);
        boolean optimal = bound.isImpossible(BottleneckSearch.largestCost(costs, found - 1));
        return new LeastBottleneck(stages, optimal ? found : bound.bound());
    }

    private static LeastBottleneck proved(CostModel costs, List<StagePlan> stages) {
        return new LeastBottleneck(stages, BottleneckSearch.bottleneck(costs, stages));
    }

    private static Stream<List<Integer>> orders(CostModel costs) {
        Comparator<Integer> slowness = Comparator.comparingLong(worker -> costs.compute(worker, 0, costs.units()));
        Comparator<Integer> memory = Comparator.comparingLong(costs::usableBytes);
        return Stream.of(
                clusterOrder(costs),
                sorted(costs, slowness),
                sorted(costs, slowness.reversed()),
                sorted(costs, memory),
                sorted(costs, memory.reversed()));
    }

    private static List<Integer> clusterOrder(CostModel costs) {
        return IntStream.range(0, costs.workers()).boxed().toList();
    }

    private static List<Integer> sorted(CostModel costs, Comparator<Integer> comparator) {
        List<Integer> order = new ArrayList<>(clusterOrder(costs));
        order.sort(comparator);
        return order;
    }
}
