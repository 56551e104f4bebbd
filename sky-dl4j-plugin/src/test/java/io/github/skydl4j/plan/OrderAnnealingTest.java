package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OrderAnnealingTest {

    @ParameterizedTest
    @CsvSource({"SKEWED, 0, 64", "BLOCKS, 2, 16"})
    void findsAShorterStepThanLocalSearchWithinMemory(LargeRequests.Shape shape, double memory, int microBatches) {
        CostModel costs = new CostModel(LargeRequests.of(shape, 1, memory, microBatches));
        LeastBottleneck least = LeastBottleneck.of(costs);
        List<StagePlan> start = StepSearch.from(costs, least.stages(), least.bound());
        long floor = StepFloor.of(costs, least.bound());
        List<StagePlan> found = OrderAnnealing.from(costs, start, floor, least.bound());
        assertThat(PlanValidator.validate(costs.request(), found)).isEmpty();
        assertThat((double) Appraisal.step(costs, found)).isLessThan(0.99 * Appraisal.step(costs, start));
    }

    @Test
    void endsTheSameWayEachTime() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.EVEN, 2, 1.5, 8));
        LeastBottleneck least = LeastBottleneck.of(costs);
        long floor = StepFloor.of(costs, least.bound());
        assertThat(OrderAnnealing.from(costs, least.stages(), floor, least.bound()))
                .isEqualTo(OrderAnnealing.from(costs, least.stages(), floor, least.bound()));
    }
}
