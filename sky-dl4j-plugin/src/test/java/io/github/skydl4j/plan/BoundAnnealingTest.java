package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class BoundAnnealingTest {

    private static final int RUNS = 4;

    @Test
    void findsPlansOfLowerBoundsWithinMemoryAndTheSameEachTime() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.SKEWED, 1, 2, 8));
        List<StagePlan> start = LeastBottleneck.of(costs).stages();
        List<List<StagePlan>> found = BoundAnnealing.from(costs, start, RUNS);
        assertThat(found).hasSize(RUNS).allSatisfy(stages -> {
            assertThat(PlanValidator.validate(costs.request(), stages)).isEmpty();
            assertThat(bound(costs, stages)).isLessThan(0.95 * bound(costs, start));
        });
        assertThat(BoundAnnealing.from(costs, start, RUNS)).isEqualTo(found);
    }

    private static double bound(CostModel costs, List<StagePlan> stages) {
        return StepBound.withinLimits(
                StepTimes.of(costs, stages),
                costs.microBatches(),
                WarmUp.limits(costs, stages, StepTimes.of(costs, stages), costs.microBatches()));
    }
}
