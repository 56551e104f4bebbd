package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StepAnnealingTest {

    @Test
    void findsAValidPlanThatIsNeverSlowerAndTheSameEachTime() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.EVEN, 1, 2, 8));
        LeastBottleneck least = LeastBottleneck.of(costs);
        long floor = StepFloor.of(costs, least.bound());
        List<StagePlan> found = StepAnnealing.from(costs, least.stages(), floor);
        assertThat(PlanValidator.validate(costs.request(), found)).isEmpty();
        assertThat(Appraisal.step(costs, found))
                .isGreaterThanOrEqualTo(floor)
                .isLessThan(Appraisal.step(costs, least.stages()));
        assertThat(StepAnnealing.from(costs, least.stages(), floor)).isEqualTo(found);
    }

    @Test
    void movesKeepUnitsTogetherAndWorkersApart() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.SKEWED, 1, 0, 8));
        PlanMoves moves = new PlanMoves(costs, new Random(5));
        List<StagePlan> plan = LeastBottleneck.of(costs).stages();
        int changed = 0;
        for (int i = 0; i < 20_000; i++) {
            List<StagePlan> next = moves.of(plan);
            if (!next.isEmpty()) {
                assertThat(PlanValidator.validate(costs.request(), next)).isEmpty();
                plan = next;
                changed++;
            }
        }
        assertThat(changed).isGreaterThan(10_000);
    }
}
