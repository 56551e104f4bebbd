package io.github.skydl4j.spark;

import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.List;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link SkyTrainingMaster} was built with; its components are the keys of the master's JSON and YAML. Immutable.
 *
 * @param workers executor slots that host stages
 * @param batchSize examples in a step; 0 to take the batches of the data as they come
 * @param slowdowns of the workers, to play unequal machines; empty for none
 * @param exportDirectory where RDDs are exported; null for {@code hadoop.tmp.dir}
 * @param fetchedAhead batches read ahead of the step
 */
record MasterOptions(
        int workers,
        String planner,
        ScheduleKind schedule,
        int microBatches,
        int batchSize,
        boolean recompute,
        List<Double> slowdowns,
        double dilation,
        RDDTrainingApproach rddTrainingApproach,
        @Nullable String exportDirectory,
        int fetchedAhead,
        boolean collectTrainingStats) {
    MasterOptions {
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
    }

    private static void require(boolean fine, String name, Object found, String allowed) {
        if (!fine) {
            throw new IllegalArgumentException(name + " is " + found + ": allowed is " + allowed);
        }
    }

    Planner plannerByName() {
        return Planners.byName(planner);
    }

    double slowdown(int worker) {
        return slowdowns.isEmpty() ? 0 : slowdowns.get(worker);
    }
}
