package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class StageLimitsTest {

    private static final int INSTANCES = Integer.getInteger("sky.plan.instances", 200);

    private int plans;
    private int stages;
    private int narrower;

    @Test
    void stagesOfAnyPlanAreWithinTheLimitsOfItsOwnRange() {
        RandomRequests requests = new RandomRequests(91, 4, 7);
        for (int i = 0; i < INSTANCES; i++) {
            CostModel costs = new CostModel(requests.next());
            WorkerClasses classes = WorkerClasses.of(costs);
            AllPlans.visit(costs.request(), plan -> {
                if (Ends.fit(costs, plan)) {
                    allows(costs, classes, plan);
                }
            });
        }
        assertThat(plans).isGreaterThan(INSTANCES);
        assertThat(narrower).as("of %d stages", stages).isGreaterThan(stages / 10);
    }

    private void allows(CostModel costs, WorkerClasses classes, List<StagePlan> plan) {
        double step = PlanRanges.step(costs, plan);
        StepRange range = PlanRanges.around(costs, plan, step, costs.microBatches());
        StageLimits limits = new StageLimits(costs, classes, range, step, step + 1);
        plans++;
        for (int i = 0; i < plan.size(); i++) {
            StagePlan stage = plan.get(i);
            int place = plan.size() - i;
            int low = limits.low(place, PlanRanges.classOf(classes, stage.worker()), stage.endUnit());
            assertThat(low).as("%s in %s", stage, plan).isLessThanOrEqualTo(stage.firstUnit());
            assertThat(limits.mayEnd(place, stage.endUnit()))
                    .as("end of %s in %s", stage, plan)
                    .isTrue();
            stages++;
            narrower += low > 0 ? 1 : 0;
        }
    }
}
