package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SubsetFloorTest {

    private static final int INSTANCES = Integer.getInteger("sky.plan.instances", 1000);

    private long best;

    @Test
    void neverRulesOutTheBestOfAllPlansAndOftenAllThatIsShorter() {
        RandomRequests requests = new RandomRequests(91, 5, 9);
        int feasible = 0;
        int close = 0;
        for (int i = 0; i < INSTANCES; i++) {
            CostModel costs = new CostModel(requests.next());
            if (!SubsetFloor.affords(costs)) {
                continue;
            }
            search(costs);
            if (best == Long.MAX_VALUE) {
                continue;
            }
            LeastBottleneck least = LeastBottleneck.of(costs);
            long floor = StepFloor.of(costs, least.bound()) + StepBound.leastUpdate(costs);
            long raised = SubsetFloor.raised(costs, floor, best, least.bound());
            assertThat(raised).as("instance %d", i).isBetween(floor, best);
            feasible++;
            close += raised > 0.98 * best ? 1 : 0;
        }
        assertThat(feasible).isGreaterThan(INSTANCES / 10);
        assertThat(close).isGreaterThan(feasible / 3);
    }

    @Test
    void raisesTheFloorWhereFewUnitsAreLong() {
        CostModel costs = new CostModel(LargeRequests.of(LargeRequests.Shape.BLOCKS, 1, 0, 32));
        LeastBottleneck least = LeastBottleneck.of(costs);
        long floor = StepFloor.of(costs, least.bound());
        assertThat(SubsetFloor.raised(costs, floor, (long) (1.035 * floor), least.bound()))
                .isGreaterThan((long) (1.004 * floor));
    }

    private void search(CostModel costs) {
        best = Long.MAX_VALUE;
        AllPlans.visit(costs.request(), stages -> {
            if (StepBound.ofPlan(StepTimes.of(costs, stages), costs.microBatches()) < best && Ends.fit(costs, stages)) {
                best = Math.min(best, Appraisal.step(costs, stages));
            }
        });
    }
}
