package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;

class StepProofTest {

    private static final int INSTANCES = Integer.getInteger("sky.plan.instances", 200);

    private long best;

    @Test
    void proofNeverExceedsTheBestOfAllPlansNorStaysFarBelowIt() {
        RandomRequests requests = new RandomRequests(77, 5, 9);
        int feasible = 0;
        int close = 0;
        for (int i = 0; i < INSTANCES; i++) {
            CostModel costs = new CostModel(requests.next());
            search(costs);
            if (best == Long.MAX_VALUE) {
                continue;
            }
            LeastBottleneck least = LeastBottleneck.of(costs);
            StepProof.Result result = StepProof.from(costs, least.stages(), least.bound());
            assertThat(result.bound()).as("instance %d", i).isLessThanOrEqualTo(best);
            assertThat(Appraisal.step(costs, result.stages())).isGreaterThanOrEqualTo(best);
            assertThat(PlanValidator.validate(costs.request(), result.stages())).isEmpty();
            feasible++;
            close += result.bound() > 0.9 * best ? 1 : 0;
        }
        assertThat(close).isGreaterThan(feasible / 2);
    }

    @Test
    void masterFindsTheWeightsOfASmallGame() {
        // Path 1 takes 4 by the first measure and 0 by the second, path 2 the other way round but 2: T is 4/3.
        StepMaster master = new StepMaster(
                new double[] {1}, new double[] {0, 0}, 10, new StepMaster.Path(List.of(1.0), List.of(4.0, 0.0)));
        master.add(new StepMaster.Path(List.of(1.0), List.of(0.0, 2.0)));
        StepWeights weights = master.solve();
        assertThat(master.value()).isCloseTo(4.0 / 3, within(1e-9));
        assertThat(weights.pass()).isCloseTo(1.0 / 3, within(1e-9));
        assertThat(weights.threshold(1)).isCloseTo(2.0 / 3, within(1e-9));
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
