package io.github.skydl4j.tune;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.PlanRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/**
 * What a search gives back of what a wrong profile loses, on simulated clusters. Another number of clusters, another first
 * seed, a generator: {@code -Dsky.tune.clusters=100 -Dsky.tune.seed=1000 -Dsky.tune.generator=RANDOM}; the table goes to
 * {@code target/tune-recovery.md}.
 */
class RecoveryTest {
    private static final int CLUSTERS = Integer.getInteger("sky.tune.clusters", 20);
    private static final int FIRST_SEED = Integer.getInteger("sky.tune.seed", 0);
    private static final Generator GENERATOR = Generator.valueOf(System.getProperty("sky.tune.generator", "GENETIC"));
    private static final int CANDIDATES = 50;
    private static final double NOISE = 0.02;
    /** A profile whose errors lose less has no gap to recover. */
    private static final double LEAST_GAP = 0.005;

    @Test
    void recoversMostOfWhatAWrongProfileLoses() throws IOException {
        List<Double> recovered = new ArrayList<>();
        List<String> table = new ArrayList<>();
        table.add("| seed | workers | units | m | plan ms | ideal ms | tuned ms | gap % | recovered | candidates |");
        table.add("|---|---|---|---|---|---|---|---|---|---|");
        for (int seed = FIRST_SEED; seed < FIRST_SEED + CLUSTERS; seed++) {
            MismeasuredCluster cluster = MismeasuredCluster.seeded(seed);
            SimulatedWorkers workers = new SimulatedWorkers(cluster, NOISE, seed);
            TuningResult result = tune(cluster, workers, seed);
            long before = workers.stepNanos(plan(cluster.believed()), cluster.believed());
            long ideal = new Forecast(cluster.real(), cluster.real()).stepNanos(plan(cluster.real()));
            long after = workers.stepNanos(result.best().plan(), result.order());

            assertThat((double) after).as("seed %d", seed).isLessThan(before * 1.02);
            assertThat(result.ranking().size() + result.failed().size()).isLessThanOrEqualTo(CANDIDATES);
            double share = (double) (before - after) / (before - ideal);
            if (before - ideal > LEAST_GAP * before) {
                recovered.add(share);
            }
            table.add(String.format(
                    Locale.ROOT,
                    "| %d | %d | %d | %d | %.1f | %.1f | %.1f | %.1f | %.2f | %d |",
                    seed,
                    cluster.real().cluster().size(),
                    cluster.real().units().size(),
                    cluster.real().microBatches(),
                    before / 1e6,
                    ideal / 1e6,
                    after / 1e6,
                    100.0 * (before - ideal) / before,
                    share,
                    result.ranking().size()));
        }
        table.add(String.format(
                Locale.ROOT,
                "%nMedian of %d with a gap: %.2f; least %.2f",
                recovered.size(),
                Medians.ofRatios(recovered),
                recovered.stream().mapToDouble(share -> share).min().orElse(0)));
        Files.write(Path.of("target", "tune-recovery.md"), table);
        assertThat(Medians.ofRatios(recovered)).isGreaterThan(0.9);
    }

    private static TuningResult tune(MismeasuredCluster cluster, SimulatedWorkers workers, long seed) {
        return SkyTuner.builder(cluster.believed(), workers)
                .candidates(CANDIDATES)
                .simulated(100)
                .generator(GENERATOR)
                .seed(seed)
                .build()
                .run();
    }

    private static TrialPlan plan(PlanRequest request) {
        return TrialPlan.of(new ExactPlanner().plan(request), request.schedule(), false);
    }
}
