package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** The least bottleneck over contiguous stages, any subset of the workers, memory limits and links. */
public final class ExactPlanner implements Planner {

    private static final long MOST_SUBSETS = 1L << 22;

    @Override
    public String name() {
        return "exact";
    }

    @Override
    public Allocation plan(PlanRequest request) {
        CostModel costs = new CostModel(request);
        WorkerClasses classes = WorkerClasses.of(costs);
        if (!request.options().freeOrder()) {
            return proved(costs, new OrderedCovering(costs, givenOrder(costs)));
        }
        if (classes.subsets() <= MOST_SUBSETS) {
            return proved(costs, new SubsetCovering(costs, classes));
        }
        return bestOfSomeOrders(costs);
    }

    private Allocation proved(CostModel costs, Covering covering) {
        List<StagePlan> stages = BottleneckSearch.least(costs, covering, StepBound.bottleneck(costs))
                .orElseThrow(() -> Infeasibility.of(costs));
        return Appraisal.of(
                costs, name(), stages, StepTimes.of(costs, stages).bottleneck(), List.of("the bottleneck is optimal"));
    }

    private Allocation bestOfSomeOrders(CostModel costs) {
        long bound = StepBound.bottleneck(costs);
        return orders(costs)
                .map(order -> BottleneckSearch.least(costs, new OrderedCovering(costs, order), bound))
                .flatMap(Optional::stream)
                .min(Comparator.comparingLong(
                        stages -> StepTimes.of(costs, stages).bottleneck()))
                .map(stages -> Appraisal.of(costs, name(), stages, bound, List.of()))
                .orElseThrow(() -> Infeasibility.of(costs));
    }

    private static Stream<List<Integer>> orders(CostModel costs) {
        Comparator<Integer> slowness = Comparator.comparingLong(worker -> costs.compute(worker, 0, costs.units()));
        Comparator<Integer> memory = Comparator.comparingLong(costs::usableBytes);
        return Stream.of(
                givenOrder(costs),
                sorted(costs, slowness),
                sorted(costs, slowness.reversed()),
                sorted(costs, memory),
                sorted(costs, memory.reversed()));
    }

    private static List<Integer> givenOrder(CostModel costs) {
        return IntStream.range(0, costs.workers()).boxed().toList();
    }

    private static List<Integer> sorted(CostModel costs, Comparator<Integer> comparator) {
        List<Integer> order = new ArrayList<>(givenOrder(costs));
        order.sort(comparator);
        return order;
    }
}
