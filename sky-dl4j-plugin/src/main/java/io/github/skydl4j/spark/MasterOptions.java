package io.github.skydl4j.spark;

import io.github.skydl4j.TunedPlan;
import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SkyTrainingMaster} was built with; its components are the keys of the master's JSON and YAML. Immutable.
 *
 * @param workers executor slots that host stages
 * @param batchSize examples in a step; 0 to take the batches of the data as they come
 * @param wire how numbers travel between executors
 * @param slowdowns of the workers, to play unequal machines; empty for none
 * @param exportDirectory where RDDs are exported; null for {@code hadoop.tmp.dir}
 * @param fetchedAhead batches read ahead of the step
 * @param stagePlace whether stages are hosted in the driver's JVM or on executors
 * @param port UDP port on which the driver admits the hosts of stages; 0 for a free one
 * @param joinSeconds how long slots and hosts are waited for
 * @param snapshotEvery steps between snapshots of what executors hold
 * @param snapshotDirectory on the driver; null for a temporary folder
 * @param profilingMillis how long each JVM warms up, and again measures, before it is planned for
 * @param tuned the stages that a search has found; null to have them planned
 */
record MasterOptions(
        int workers,
        String planner,
        ScheduleKind schedule,
        int microBatches,
        int batchSize,
        boolean recompute,
        WireType wire,
        List<Double> slowdowns,
        double dilation,
        RDDTrainingApproach rddTrainingApproach,
        @Nullable String exportDirectory,
        int fetchedAhead,
        StagePlace stagePlace,
        int port,
        int joinSeconds,
        int snapshotEvery,
        @Nullable String snapshotDirectory,
        int profilingMillis,
        boolean collectTrainingStats,
        @Nullable TunedPlan tuned) {
    MasterOptions {
        require(port >= 0 && port <= 65_535, "port", port, "0 to 65535 (0 takes a free one)");
        require(joinSeconds >= 1, "joinSeconds", joinSeconds, "at least 1");
        require(snapshotEvery >= 1, "snapshotEvery", snapshotEvery, "at least 1");
        require(profilingMillis >= 1, "profilingMillis", profilingMillis, "at least 1");
        slowdowns = List.copyOf(slowdowns);
        require(workers >= 1, "workers", workers, "at least 1");
        require(microBatches >= 1, "microBatches", microBatches, "at least 1");
        require(batchSize >= 0, "batchSize", batchSize, "at least 0 (0 takes the data's own batches)");
        require(fetchedAhead >= 1, "fetchedAhead", fetchedAhead, "at least 1");
        require(dilation >= 1 && !Double.isInfinite(dilation), "dilation", dilation, "at least 1");
        require(
                slowdowns.isEmpty() || slowdowns.size() == workers,
                "slowdowns",
                slowdowns.size() + " numbers",
                "one for each of the " + workers + " workers, or none");
        require(
                rddTrainingApproach != RDDTrainingApproach.Export || batchSize > 0,
                "batchSize",
                batchSize,
                "above 0 with RDDTrainingApproach.Export, whose files hold a step each");
        Planners.byName(planner);
        List<String> names = namesOf(workers);
        require(
                tuned == null || tuned.cluster().size() == workers,
                "tuned",
                "a plan for " + (tuned == null ? 0 : tuned.cluster().size()) + " workers",
                "one for the " + workers + " of this master: tune with as many as will train");
        require(
                tuned == null || Set.copyOf(tuned.workers()).equals(Set.copyOf(names)),
                "tuned",
                "a plan for " + (tuned == null ? names : tuned.workers()),
                "one for " + names + ", as the master's own tuner makes it");
    }

    private static void require(boolean fine, String name, Object found, String allowed) {
        if (!fine) {
            throw new IllegalArgumentException(name + " is " + found + ": allowed is " + allowed);
        }
    }

    /** Who plans: gives the stages as tuned, as long as all of their workers are there. */
    Planner plannerInUse() {
        Planner named = Planners.byName(planner);
        return tuned == null ? named : tuned.planner(named);
    }

    /** The workers, as far as they are known before they are there. */
    List<Worker> workerList() {
        List<Worker> list = new ArrayList<>();
        for (String name : namesOf(workers)) {
            list.add(Worker.named(name).withSlowdown(slowdown(list.size())).withWire(wire));
        }
        return list;
    }

    /** A worker's name, by its number from 0. */
    static String workerName(int number) {
        return "executor-" + number;
    }

    private static List<String> namesOf(int workers) {
        return IntStream.range(0, workers).mapToObj(MasterOptions::workerName).toList();
    }

    Duration joinLimit() {
        return Duration.ofSeconds(joinSeconds);
    }

    Duration profiling() {
        return Duration.ofMillis(profilingMillis);
    }

    double slowdown(int worker) {
        return slowdowns.isEmpty() ? 0 : slowdowns.get(worker);
    }
}
