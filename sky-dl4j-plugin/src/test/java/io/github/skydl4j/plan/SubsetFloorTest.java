package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class SubsetFloorTest {

    private static final int INSTANCES = Integer.getInteger("sky.plan.instances", 2000);
    /** What is asked about is longer than the best plan where the known one is so much longer. */
    private static final double[] KNOWN_OVER_BEST = {1.0299, 1.1};

    private long best;

    @Test
    void neverRulesOutTheBestOfAllPlansAndOftenAllThatIsShorter() {
        RandomRequests requests = new RandomRequests(91, 5, 9);
        int withoutLinks = 0;
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
            for (double over : KNOWN_OVER_BEST) {
                assertThat(SubsetFloor.raised(costs, floor, (long) (over * best), least.bound()))
                        .as("instance %d with a plan that takes %s times the best step", i, over)
                        .isLessThanOrEqualTo(best);
            }
            if (!costs.hasLinks()) {
                withoutLinks++;
                close += raised > 0.98 * best ? 1 : 0;
            }
        }
        assertThat(withoutLinks).isGreaterThan(INSTANCES / 10);
        assertThat(close).isGreaterThan(withoutLinks / 3);
    }

    /** A short stage may be completed though a longer one of the same worker is not: it was once taken that it is not. */
    @Test
    void looksAtShorterStagesOfASlowWorkerToo() {
        long[] forwards = {1, 6, 10, 6, 5, 8};
        double[] slowness = {1.0664837, 2.5555201, 4.9112560, 2.2147197};
        List<UnitProfile> units = Arrays.stream(forwards)
                .mapToObj(forward -> new UnitProfile("unit", 1000 * forward, 2000 * forward, 0, 0, 0, 0))
                .toList();
        List<WorkerProfile> workers = Arrays.stream(slowness)
                .mapToObj(slow -> new WorkerProfile("of " + slow, slow, Long.MAX_VALUE))
                .toList();
        CostModel costs = new CostModel(new PlanRequest(units, Cluster.instant(workers), 3, ScheduleKind.ROUND_TRIP));
        search(costs);
        LeastBottleneck least = LeastBottleneck.of(costs);
        long floor = StepFloor.of(costs, least.bound());
        assertThat(SubsetFloor.raised(costs, floor, (long) (1.0298 * best), least.bound()))
                .isLessThanOrEqualTo(best);
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
