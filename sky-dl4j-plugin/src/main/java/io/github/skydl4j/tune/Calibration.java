package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.PlanOptions;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is believed of the workers, put right by what short runs have measured: a stage's compute tells its worker's speed,
 * a transfer its link, and steps cut finer or coarser the share of a unit's time that does not shrink with the
 * micro-batch. A worker or link that no run has used keeps what is believed of it. Immutable; O(runs x stages).
 *
 * @param request the request with the measured speeds and links
 * @param workers those whose speed is measured
 * @param links those measured
 */
record Calibration(PlanRequest request, Set<Integer> workers, Set<LinkUse.Pair> links) {
    /** By what a worker is to be slower for a planner to leave it out. */
    private static final double USELESS = 1e4;

    Calibration {
        workers = Set.copyOf(workers);
        links = Set.copyOf(links);
    }

    /** The same for planners that are to do without these workers. */
    Calibration without(Set<Integer> lost) {
        Map<Integer, Double> factors = new HashMap<>();
        lost.forEach(worker -> factors.put(worker, USELESS));
        Cluster cluster = request.cluster();
        return new Calibration(
                request.withCluster(new Cluster(workers(cluster, factors), cluster.network())), workers, links);
    }

    /** Puts {@code believed} right. */
    static Calibration of(PlanRequest believed, List<TrialResult> results) {
        List<StageUse> uses = new ArrayList<>();
        List<LinkUse> links = new ArrayList<>();
        for (TrialResult result : results) {
            for (Measurement run : result.runs()) {
                uses.addAll(stageUses(believed, result.plan(), run));
                links.addAll(linkUses(believed, result.plan(), run));
            }
        }
        double fixedShare = fixedShare(believed, uses);
        Map<Integer, Double> factors = factors(uses, fixedShare);
        Cluster cluster =
                new Cluster(workers(believed.cluster(), factors), MeasuredNetwork.of(believed.cluster(), links));
        PlanOptions options = believed.options();
        PlanRequest request = believed.withCluster(cluster)
                .withOptions(options.withMicroBatchChoices(options.microBatchChoices(), fixedShare));
        Set<LinkUse.Pair> pairs = new TreeSet<>();
        links.forEach(link -> pairs.add(link.pair()));
        return new Calibration(request, factors.keySet(), pairs);
    }

    /**
     * A stage in a run.
     *
     * @param size of a micro-batch, in those of the request
     * @param expectedNanos compute of a micro-batch if all of a unit's time shrinks with its size
     */
    private record StageUse(int worker, double size, double expectedNanos, long measuredNanos) {
        /** By what the worker is slower than believed. */
        double factor(double fixedShare) {
            return measuredNanos * size / (expectedNanos * (fixedShare + (1 - fixedShare) * size));
        }
    }

    private static List<StageUse> stageUses(PlanRequest believed, TrialPlan plan, Measurement run) {
        PlanRequest proportional = believed.withOptions(
                believed.options().withMicroBatchChoices(believed.options().microBatchChoices(), 0));
        StageTimes expected = StepTimes.of(plan.planner().costs(plan.requestFrom(proportional)), plan.stages());
        double size = (double) believed.microBatches() / plan.microBatches();
        List<StageUse> uses = new ArrayList<>();
        for (int s = 0; s < expected.stageCount(); s++) {
            if (expected.compute(s) > 0 && run.computeNanos(s) > 0) {
                uses.add(new StageUse(plan.workers().get(s), size, expected.compute(s), run.computeNanos(s)));
            }
        }
        return uses;
    }

    private static List<LinkUse> linkUses(PlanRequest believed, TrialPlan plan, Measurement run) {
        PlanRequest scaled = plan.requestFrom(believed);
        List<StagePlan> stages = plan.stages();
        List<LinkUse> uses = new ArrayList<>();
        for (int s = 1; s < stages.size(); s++) {
            WireType wire = scaled.cluster().wire(stages, s - 1);
            long bytes =
                    wire.bytes(scaled.units().get(stages.get(s).firstUnit() - 1).boundaryBytes());
            long nanos = run.transferNanos().get(s - 1);
            if (bytes > 0 && nanos > 0) {
                uses.add(new LinkUse(stages.get(s - 1).worker(), stages.get(s).worker(), bytes, nanos));
            }
        }
        return uses;
    }

    /** The share that explains best why steps cut otherwise than the request took what they took. */
    private static double fixedShare(PlanRequest believed, List<StageUse> uses) {
        Map<Integer, Double> factors =
                factors(uses.stream().filter(use -> use.size() == 1).toList(), 0);
        List<Double> shares = new ArrayList<>();
        for (StageUse use : uses) {
            Double factor = factors.get(use.worker());
            if (use.size() != 1 && factor != null) {
                double excess = use.measuredNanos() / (factor * use.expectedNanos()) - 1;
                shares.add(Math.max(0, Math.min(1, use.size() * excess / (1 - use.size()))));
            }
        }
        return shares.isEmpty() ? believed.options().fixedShare() : Medians.ofRatios(shares);
    }

    private static Map<Integer, Double> factors(List<StageUse> uses, double fixedShare) {
        Map<Integer, List<Double>> all = new HashMap<>();
        uses.forEach(use ->
                all.computeIfAbsent(use.worker(), worker -> new ArrayList<>()).add(use.factor(fixedShare)));
        Map<Integer, Double> factors = new HashMap<>();
        all.forEach((worker, values) -> factors.put(worker, Medians.ofRatios(values)));
        return factors;
    }

    private static List<WorkerProfile> workers(Cluster cluster, Map<Integer, Double> factors) {
        List<WorkerProfile> workers = new ArrayList<>();
        for (int w = 0; w < cluster.size(); w++) {
            workers.add(slower(cluster.worker(w), factors.getOrDefault(w, 1.0)));
        }
        return workers;
    }

    static WorkerProfile slower(WorkerProfile worker, double factor) {
        Map<String, Double> ofKind = new HashMap<>();
        worker.slownessOfKind().forEach((kind, slowness) -> ofKind.put(kind, slowness * factor));
        return new WorkerProfile(worker.name(), worker.slowness() * factor, ofKind, worker.memoryBytes());
    }
}
