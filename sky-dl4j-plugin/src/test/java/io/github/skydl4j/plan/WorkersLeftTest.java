package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class WorkersLeftTest {

    private static final int INSTANCES = Integer.getInteger("sky.plan.instances", 60);
    private static final double ROUNDING = 1e-6;

    private int stages;
    private int demanding;
    private int certain;

    @Test
    void stagesInFrontOfAnyPlanTakeNoLessAndNoMoreThanItSaysAndHoldWhatThoseBehindDemand() {
        RandomRequests requests = new RandomRequests(93, 4, 7);
        for (int i = 0; i < INSTANCES; i++) {
            CostModel costs = new CostModel(requests.next());
            AllPlans.visit(costs.request(), plan -> {
                if (Ends.fit(costs, plan)) {
                    check(costs, plan);
                }
            });
        }
        assertThat(stages).isGreaterThan(INSTANCES);
        assertThat(demanding).as("of %d stages", stages).isGreaterThan(stages / 100);
        assertThat(certain).as("of %d stages", stages).isGreaterThan(stages / 3);
    }

    private void check(CostModel costs, List<StagePlan> plan) {
        double step = PlanRanges.step(costs, plan);
        StepRange range = PlanRanges.around(costs, plan, step, costs.microBatches());
        StepRelaxation relaxation =
                new StepRelaxation(costs, WorkerClasses.of(costs), ForwardShares.of(costs), range, step, step + 1);
        Optional<StageCaps> caps =
                StepFloor.caps(costs, StepBound.bottleneck(costs), step + 1, range.longestLow(), range.longestHigh());
        assertThat(caps).as("caps of %s", plan).isPresent();
        WorkersLeft left = new WorkersLeft(relaxation, caps.orElseThrow(), step + 1);
        int used = 0;
        int mustHold = 1;
        double behind = 0;
        for (int i = plan.size() - 1; i > 0; i--) {
            StagePlan stage = plan.get(i);
            int place = plan.size() - i;
            double link = 2.0 * costs.fastestLink(Math.min(stage.endUnit(), costs.units() - 1));
            behind += stage.endUnit() == costs.units() ? 0 : link;
            StageLimits limits = relaxation.limits();
            mustHold = limits.mustHold(
                    place,
                    mustHold,
                    limits.mostInFlight(place, stage.worker(), stage.firstUnit(), stage.endUnit()),
                    costs.forward(stage.worker(), stage.firstUnit(), stage.endUnit()),
                    costs.backward(stage.worker(), stage.firstUnit(), stage.endUnit()),
                    behind);
            behind += costs.compute(stage.worker(), stage.firstUnit(), stage.endUnit());
            used |= 1 << stage.worker();
            checkFront(relaxation, left, plan.subList(0, i), used, place + 1, mustHold);
            demanding += mustHold > place ? 1 : 0;
        }
    }

    private void checkFront(
            StepRelaxation relaxation, WorkersLeft left, List<StagePlan> front, int used, int place, int mustHold) {
        CostModel costs = relaxation.costs();
        int end = front.get(front.size() - 1).endUnit();
        double nanos = 0;
        for (int i = 0; i < front.size(); i++) {
            StagePlan stage = front.get(i);
            int ofStage = place + front.size() - 1 - i;
            assertThat(relaxation.limits().mostInFlight(ofStage, stage.worker(), stage.firstUnit(), stage.endUnit()))
                    .as("in flight on %s", stage)
                    .isGreaterThanOrEqualTo(mustHold);
            double own = costs.compute(stage.worker(), stage.firstUnit(), stage.endUnit());
            nanos += own;
        }
        assertThat(left.least(used, end, place, mustHold, Double.POSITIVE_INFINITY))
                .as("least of %s", front)
                .isLessThanOrEqualTo(nanos * (1 + ROUNDING) + 1);
        assertThat(left.most(used, end, place, mustHold, Double.POSITIVE_INFINITY))
                .as("most of %s", front)
                .isGreaterThanOrEqualTo(nanos * (1 - ROUNDING));
        stages++;
        certain += left.least(used, end, place, mustHold, Double.POSITIVE_INFINITY) > 0.8 * nanos ? 1 : 0;
    }
}
