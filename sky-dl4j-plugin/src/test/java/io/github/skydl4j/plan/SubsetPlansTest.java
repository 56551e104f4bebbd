package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SubsetPlansTest {

    @Test
    void beginsElsewhereThanASearchThatMemoryConfines() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.EVEN, 1, 1.3, 8));
        LeastBottleneck least = LeastBottleneck.of(costs);
        List<StagePlan> start = StepSearch.from(costs, least.stages(), least.bound());
        StepProof.Result proof = StepProof.from(costs, start, least.bound());
        long step = Appraisal.step(costs, proof.stages());
        List<List<StagePlan>> plans = SubsetPlans.best(costs, proof.ranges(), step, least.bound(), 3);
        assertThat(plans).hasSize(3).doesNotHaveDuplicates();
        assertThat(plans)
                .allSatisfy(plan -> assertThat(PlanValidator.validate(costs.request(), plan))
                        .isEmpty());
        List<Long> steps =
                plans.stream().map(plan -> Appraisal.step(costs, plan)).toList();
        assertThat(steps).isSorted();
        assertThat((double) steps.get(0)).isLessThan(1.04 * step);
    }
}
