package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is proved of problems too large to try all plans must hold of the plans that are known. */
class KnownPlanTest {

    private static final double[] WIDTHS = {1e-6, 0.001, 0.03};
    private static final long LOOKS = 2_000_000;
    private static final int INSTANCES = Integer.getInteger("sky.plan.instances", 40);

    @ParameterizedTest
    @CsvSource({"EVEN, 2.0, 32", "EVEN, 1.3, 16", "BLOCKS, 2.0, 8", "SKEWED, 2.0, 16", "EVEN, 0, 16"})
    void noRangeThatHasAKnownPlanIsProvedToTakeLonger(LargeRequests.Shape shape, double memory, int microBatches) {
        CostModel costs = new CostModel(LargeRequests.of(shape, 1, memory, microBatches));
        LeastBottleneck least = LeastBottleneck.of(costs);
        long floor = StepFloor.of(costs, least.bound());
        List<StagePlan> searched = StepSearch.from(costs, least.stages(), least.bound());
        List<StagePlan> plan = OrderAnnealing.from(costs, searched, floor, least.bound());
        double step = PlanRanges.step(costs, plan);
        assertThat(floor).isLessThanOrEqualTo((long) step);
        for (double width : WIDTHS) {
            StepRange range = PlanRanges.around(costs, plan, step, width * step);
            StepRelaxation relaxation = new StepRelaxation(
                    costs, WorkerClasses.of(costs), ForwardShares.of(costs), range, (double) floor, step + 1);
            allowsStages(relaxation, plan);
            StepRelaxation.Proof proof =
                    relaxation.ascend(StepRelaxation.Proof.ofNothing(relaxation.weights()), 2 * step, 20);
            assertThat(proof.bound()).isLessThanOrEqualTo(step);
            searchDoesNotRuleItOut(relaxation, proof.weights(), least.bound(), step + 1);
        }
    }

    @Test
    void relaxationOfTheRangeOfAnyPlanIsNotLongerThanIt() {
        RandomRequests requests = new RandomRequests(92, 4, 6);
        int[] plans = new int[1];
        for (int i = 0; i < INSTANCES; i++) {
            CostModel costs = new CostModel(requests.next());
            AllPlans.visit(costs.request(), plan -> {
                if (Ends.fit(costs, plan)) {
                    double step = PlanRanges.step(costs, plan);
                    StepRange range = PlanRanges.around(costs, plan, step, costs.microBatches());
                    StepRelaxation relaxation = new StepRelaxation(
                            costs, WorkerClasses.of(costs), ForwardShares.of(costs), range, step, step + 1);
                    StepRelaxation.Proof proof =
                            relaxation.ascend(StepRelaxation.Proof.ofNothing(relaxation.weights()), 2 * step, 10);
                    assertThat(proof.bound()).as("%s", plan).isLessThanOrEqualTo(step * (1 + 1e-9));
                    plans[0]++;
                }
            });
        }
        assertThat(plans[0]).isGreaterThan(INSTANCES);
    }

    private static void allowsStages(StepRelaxation relaxation, List<StagePlan> plan) {
        WorkerClasses classes = relaxation.classes();
        for (int i = 0; i < plan.size(); i++) {
            StagePlan stage = plan.get(i);
            int ofStage = PlanRanges.classOf(classes, stage.worker());
            assertThat(relaxation.limits().low(plan.size() - i, ofStage, stage.endUnit()))
                    .as("longest %s", stage)
                    .isLessThanOrEqualTo(stage.firstUnit());
        }
    }

    private static void searchDoesNotRuleItOut(
            StepRelaxation relaxation, StepWeights weights, long bottleneckBound, double limit) {
        StepRange range = relaxation.range();
        CostModel costs = relaxation.costs();
        Optional<StageCaps> caps =
                StepFloor.caps(costs, bottleneckBound, limit, range.longestLow(), range.longestHigh());
        assertThat(caps).isPresent();
        SubsetSearch search =
                new SubsetSearch(relaxation, weights, caps.orElseThrow(), limit, SubsetSearch.table(costs), 0);
        assertThat(search.rulesOut(LOOKS)).isFalse();
    }
}
