package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class JointAnnealingTest {

    @Test
    void findsAShorterStepWithinMemoryAndTheSameEachTime() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.BLOCKS, 1, 2, 8));
        List<StagePlan> start = LeastBottleneck.of(costs).stages();
        assertThat(JointAnnealing.affords(costs, start)).isTrue();
        List<StagePlan> found = JointAnnealing.from(costs, start);
        assertThat(PlanValidator.validate(costs.request(), found)).isEmpty();
        assertThat((double) Appraisal.promisedStep(costs, found))
                .isLessThan(0.95 * Appraisal.promisedStep(costs, start));
        assertThat(JointAnnealing.from(costs, start)).isEqualTo(found);
    }

    @Test
    void makesTheBestOfSeveralPlans() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.BLOCKS, 1, 2, 8));
        LeastBottleneck least = LeastBottleneck.of(costs);
        List<StagePlan> poor = least.stages();
        List<StagePlan> good = StepSearch.from(costs, poor, least.bound());
        long ofGood = Appraisal.promisedStep(costs, good);
        assertThat(ofGood).isLessThan(Appraisal.promisedStep(costs, poor));
        List<StagePlan> best = JointAnnealing.best(costs, List.of(poor, good)).orElseThrow();
        assertThat(PlanValidator.validate(costs.request(), best)).isEmpty();
        assertThat(Appraisal.promisedStep(costs, best)).isLessThanOrEqualTo(ofGood);
        assertThat(JointAnnealing.best(costs, List.of())).isEmpty();
    }

    @Test
    void isOfNoUseWhereOrdersOfWorkAreNotRefined() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.BLOCKS, 1, 0, 8));
        assertThat(JointAnnealing.affords(costs, List.of(new StagePlan(0, 0, LargeRequests.UNITS))))
                .isFalse();
    }
}
