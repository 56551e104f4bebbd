package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class SubsetProofTest {

    private static final int INSTANCES = Integer.getInteger("sky.plan.instances", 100);
    /** What is asked about is longer than the best plan where the known one is so much longer. */
    private static final double[] KNOWN_OVER_BEST = {1.0299, 1.1};

    private long best;
    private List<StagePlan> bestStages = List.of();

    @Test
    void neverRulesOutTheBestOfAllPlansAndOftenMostThatIsShorter() {
        RandomRequests requests = new RandomRequests(57, 5, 9);
        int feasible = 0;
        int raised = 0;
        int close = 0;
        int reached = 0;
        for (int i = 0; i < INSTANCES; i++) {
            CostModel costs = new CostModel(requests.next());
            if (!SubsetProof.affords(costs)) {
                continue;
            }
            search(costs);
            if (best == Long.MAX_VALUE) {
                continue;
            }
            LeastBottleneck least = LeastBottleneck.of(costs);
            double floor = (double) StepFloor.of(costs, least.bound());
            // As if nothing but the floor were known of any range.
            List<StepProof.Proved> ranges = StepProof.from(costs, bestStages, least.bound()).ranges().stream()
                    .map(known -> new StepProof.Proved(known.range(), Math.min(known.bound(), floor), known.proof()))
                    .toList();
            long proved = SubsetProof.from(costs, ranges, best, least.bound()).bound();
            assertThat(proved).as("instance %d", i).isLessThanOrEqualTo(best);
            for (double over : KNOWN_OVER_BEST) {
                SubsetProof.Result result = SubsetProof.from(costs, ranges, (long) (over * best), least.bound());
                assertThat(result.bound())
                        .as("instance %d with a plan that takes %s times the best step", i, over)
                        .isLessThanOrEqualTo(best);
                assertThat(result.reached()).as("instance %d", i).allMatch(stages -> Ends.fit(costs, stages));
                reached += result.reached().size();
            }
            feasible++;
            raised += proved > 1.001 * (floor + StepBound.leastUpdate(costs)) ? 1 : 0;
            close += proved > 0.97 * best ? 1 : 0;
        }
        assertThat(feasible).isGreaterThan(INSTANCES / 10);
        assertThat(raised).isGreaterThan(feasible / 10);
        assertThat(close).isGreaterThan(feasible / 3);
        assertThat(reached).isPositive();
    }

    private void search(CostModel costs) {
        best = Long.MAX_VALUE;
        AllPlans.visit(costs.request(), stages -> {
            if (StepBound.ofPlan(StepTimes.of(costs, stages), costs.microBatches()) < best && Ends.fit(costs, stages)) {
                long step = Appraisal.step(costs, stages);
                if (step < best) {
                    best = step;
                    bestStages = List.copyOf(stages);
                }
            }
        });
    }
}
