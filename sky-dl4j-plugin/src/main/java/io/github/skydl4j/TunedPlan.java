package io.github.skydl4j;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.FixedPlanner;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a search has found to be fast, for a trainer to do so: {@link SkyTrainer.Builder#tuned}. Immutable.
 *
 * @param stages who has which units, by the numbers of the cluster's workers
 * @param inFlight micro-batches in flight, a number for each stage
 * @param schedule the order of work within a step
 * @param microBatches into how many a batch is cut
 * @param recompute whether stages compute activations again
 * @param wire how numbers travel over all links; null for what the trainer's workers say
 * @param cluster speeds and links as measured, from which the order of work is made; its workers are those that the search
 *     had, in its order
 */
public record TunedPlan(
        List<StagePlan> stages,
        List<Integer> inFlight,
        ScheduleKind schedule,
        int microBatches,
        boolean recompute,
        @Nullable WireType wire,
        Cluster cluster) {
    /** Copies the lists. */
    public TunedPlan {
        stages = List.copyOf(stages);
        inFlight = List.copyOf(inFlight);
    }

    /** Names of the workers, in the order of the cluster. */
    public List<String> workers() {
        return cluster.workers().stream().map(WorkerProfile::name).toList();
    }

    /**
     * Gives the stages to the workers of their names.
     *
     * @param substitute plans anew where one of these is missing
     */
    public Planner planner(Planner substitute) {
        return new FixedPlanner(stages, inFlight, recompute).forWorkers(workers(), substitute);
    }
}
