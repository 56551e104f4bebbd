package io.github.skydl4j.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.PlanRequest;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Twenty clusters with wrong profiles: what a search gives back of what the wrong profile has lost. */
class RecoveryTest {
    private static final int CLUSTERS = 20;
    private static final double NOISE = 0.02;

    @Test
    void recoversMostOfWhatAWrongProfileLoses() {
        List<Double> recovered = new ArrayList<>();
        for (int seed = 0; seed < CLUSTERS; seed++) {
            MismeasuredCluster cluster = MismeasuredCluster.seeded(seed);
            SimulatedWorkers workers = new SimulatedWorkers(cluster, NOISE, seed);
            long start = System.nanoTime();
            TuningResult result = SkyTuner.builder(cluster.believed(), workers)
                    .seed(seed)
                    .build()
                    .run();
            long before = workers.stepNanos(plan(cluster.believed()), cluster.believed());
            long ideal = idealStep(cluster);
            long after = workers.stepNanos(result.best().plan(), result.order());
            double gap = (double) (before - ideal) / before;
            double share = gap <= 0.005 ? Double.NaN : (double) (before - after) / (before - ideal);
            System.out.printf(
                    "%d: %d workers %d units m %d before %.2f ideal %.2f after %.2f gap %.1f%% recovered %.2f tried %d runs %d noise %.3f %s; %.1f s%n",
                    seed,
                    cluster.real().cluster().size(),
                    cluster.real().units().size(),
                    cluster.real().microBatches(),
                    before / 1e6,
                    ideal / 1e6,
                    after / 1e6,
                    gap * 100,
                    share,
                    result.ranking().size(),
                    workers.runs(),
                    result.noise(),
                    result.reason(),
                    (System.nanoTime() - start) / 1e9);
            if (!Double.isNaN(share)) recovered.add(share);
            assertThat((double) after / before).isLessThan(1.02);
        }
        System.out.println(Medians.ofRatios(recovered) + " of " + recovered.size());
    }

    private static TrialPlan plan(PlanRequest request) {
        return TrialPlan.of(new ExactPlanner().plan(request), request.schedule(), false);
    }

    /** The plan from the true profile, in the order that the true profile gives it. */
    private static long idealStep(MismeasuredCluster cluster) {
        return new Forecast(cluster.real(), cluster.real()).stepNanos(plan(cluster.real()));
    }
}
