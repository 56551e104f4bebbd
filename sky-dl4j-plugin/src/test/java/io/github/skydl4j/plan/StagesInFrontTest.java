package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StagesInFrontTest {

    private static final int PLACE = 2;

    @Test
    void areAllOfUseAndTheLightestFirst() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.BLOCKS, 1, 2, 8));
        WorkerClasses classes = WorkerClasses.of(costs);
        LeastBottleneck least = LeastBottleneck.of(costs);
        List<StagePlan> plan = StepSearch.from(costs, least.stages(), least.bound());
        int end = plan.get(plan.size() - PLACE).endUnit();
        double step = PlanRanges.step(costs, plan);
        StepRange range = PlanRanges.around(costs, plan, step, step / 10);
        StepRelaxation relaxation =
                new StepRelaxation(costs, classes, ForwardShares.of(costs), range, 0.8 * step, 1.1 * step);
        relaxation.bound(relaxation.weights());
        int[] classOf = IntStream.range(0, costs.workers())
                .map(worker -> PlanRanges.classOf(classes, worker))
                .toArray();
        double most = relaxation.rest(PLACE - 1, end) * 1.2;
        StagesInFront stages = new StagesInFront(relaxation, classOf, PLACE, end, most);
        for (int i = 0; i < stages.size(); i++) {
            int first = stages.first(i);
            assertThat(stages.leastWeight(i))
                    .isEqualTo(relaxation.stageWeight(classOf[stages.worker(i)], first, end)
                            + relaxation.rest(PLACE, first));
            assertThat((long) stages.mostInFlight(i))
                    .isEqualTo(relaxation.limits().mostInFlight(PLACE, stages.worker(i), first, end));
            assertThat(i == 0 || stages.leastWeight(i) >= stages.leastWeight(i - 1) - 1e-9 * most)
                    .isTrue();
        }
        assertThat(stages.leastWeight(0)).isEqualTo(relaxation.rest(PLACE - 1, end));
        long ofUse = IntStream.range(0, costs.workers())
                .mapToLong(worker -> IntStream.range(relaxation.limits().low(PLACE, classOf[worker], end), end)
                        .filter(first ->
                                relaxation.stageWeight(classOf[worker], first, end) + relaxation.rest(PLACE, first)
                                        <= most)
                        .count())
                .sum();
        assertThat(stages.size()).isEqualTo((int) ofUse).isGreaterThan(costs.workers());
    }
}
