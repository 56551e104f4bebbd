package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.Network;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.tune.SkyTuner;
import io.github.skydl4j.tune.TrainerTrial;
import io.github.skydl4j.tune.TrialPlan;
import io.github.skydl4j.tune.TuningResult;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.IteratorMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * What a search gives back of what a wrong profile loses, on emulated clusters that are run for real: speeds are believed
 * wrong by up to 40 %, links by up to two times. The plan from the wrong profile, the one from the right profile and the
 * tuned one run in turns afterwards. Arguments: first and end of the clusters' numbers, seconds for each search.
 */
final class TunedSteps {
    private static final double SPEED_ERROR = 1.4;
    private static final double LINK_ERROR = 2;
    private static final int CANDIDATES = 50;
    private static final int TURNS = 5;
    private static final Duration RUN = Duration.ofMillis(1500);
    /** A profile whose errors lose less than what runs differ by has no gap to recover. */
    private static final double LEAST_GAP = 0.03;

    private TunedSteps() {}

    public static void main(String[] arguments) {
        List<Double> recovered = new ArrayList<>();
        double largest = 0;
        print(
                "| cluster | slowdowns | slowest link | m | plan ms | right plan ms | tuned ms | recovered | candidates |");
        print("|---|---|---|---|---|---|---|---|---|");
        for (int number = Integer.parseInt(arguments[0]); number < Integer.parseInt(arguments[1]); number++) {
            EmulatedCluster cluster = EmulatedCluster.draw(
                    number, Runtime.getRuntime().availableProcessors(), EmulatedCluster.Models.LARGER);
            Steps steps = steps(cluster, Duration.ofSeconds(Integer.parseInt(arguments[2])));
            if (steps.gap() > LEAST_GAP) {
                recovered.add(steps.recovered());
            }
            largest = Math.max(largest, steps.tunedMillis() / steps.planMillis());
            print(row(cluster, steps));
        }
        recovered.sort(null);
        print(String.format(
                Locale.ROOT,
                "%d clusters with a gap: median recovered %.2f; tuned over plan at most %.3f",
                recovered.size(),
                recovered.isEmpty() ? Double.NaN : recovered.get(recovered.size() / 2),
                largest));
    }

    /** Medians of the turns. */
    private record Steps(double planMillis, double rightMillis, double tunedMillis, int candidates) {
        double gap() {
            return 1 - rightMillis / planMillis;
        }

        double recovered() {
            return (planMillis - tunedMillis) / (planMillis - rightMillis);
        }
    }

    private static Steps steps(EmulatedCluster cluster, Duration budget) {
        List<MultiDataSet> data = List.of(PredictedSteps.batch(cluster));
        TrainerTrial trial = TrainerTrial.of(
                PredictedSteps.network(cluster),
                stretched(cluster),
                cluster.microBatches(),
                new IteratorMultiDataSetIterator(data.iterator(), cluster.examples() * cluster.microBatches()));
        PlanRequest right = trial.request(cluster.schedule());
        PlanRequest believed = right.withCluster(wrong(right.cluster(), new Random(cluster.number())));
        TuningResult result = SkyTuner.builder(believed, trial)
                .candidates(CANDIDATES)
                .budget(budget)
                .longestRun(RUN)
                .seed(cluster.number())
                .build()
                .run();
        List<List<Long>> nanos = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        for (int turn = 0; turn < TURNS; turn++) {
            nanos.get(0).add(trial.run(plan(believed), believed, RUN).stepNanos());
            nanos.get(1).add(trial.run(plan(right), right, RUN).stepNanos());
            nanos.get(2)
                    .add(trial.run(result.best().plan(), result.order(), RUN).stepNanos());
        }
        return new Steps(
                medianMillis(nanos.get(0)),
                medianMillis(nanos.get(1)),
                medianMillis(nanos.get(2)),
                result.ranking().size());
    }

    /** The dilation as part of the workers. */
    private static List<Worker> stretched(EmulatedCluster cluster) {
        double dilation = cluster.dilation();
        return cluster.workers().stream()
                .map(worker -> worker.withSlowdown((1 + worker.slowdown()) * dilation - 1)
                        .withLink(worker.link().slower(dilation)))
                .toList();
    }

    private static TrialPlan plan(PlanRequest request) {
        return TrialPlan.of(new ExactPlanner().plan(request), request.schedule(), false);
    }

    private static Cluster wrong(Cluster right, Random random) {
        List<WorkerProfile> workers = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (int w = 0; w < right.size(); w++) {
            WorkerProfile worker = right.worker(w);
            workers.add(new WorkerProfile(
                    worker.name(), worker.slowness() * factor(SPEED_ERROR, random), worker.memoryBytes()));
            Link link = ((Network.UpLinks) right.network()).links().get(w);
            links.add(link.slower(factor(LINK_ERROR, random)));
        }
        return Cluster.upLinks(workers, links);
    }

    private static double factor(double most, Random random) {
        return Math.pow(most, 2 * random.nextDouble() - 1);
    }

    private static double medianMillis(List<Long> nanos) {
        return nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
    }

    private static String row(EmulatedCluster cluster, Steps steps) {
        return String.format(
                Locale.ROOT,
                "| %d | %s | %s | %d | %.1f | %.1f | %.1f | %.2f | %d |",
                cluster.number(),
                cluster.text(),
                cluster.linkText(),
                cluster.microBatches(),
                steps.planMillis(),
                steps.rightMillis(),
                steps.tunedMillis(),
                steps.recovered(),
                steps.candidates());
    }

    private static void print(String line) {
        System.out.println(line);
    }
}
