package io.github.skydl4j.tune;

import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.FixedPlanner;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.schedule.ScheduleKind;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * A candidate: who hosts how many units, first stage to last, and how a step is run. Immutable; serializable because
 * Arbiter copies its candidates that way.
 *
 * @param workers numbers in the cluster, a stage each; only an owner of both ends has two
 * @param ends for each stage the unit behind its last
 * @param microBatches into how many a batch is cut
 * @param inFlight micro-batches in flight, a number for each stage
 * @param recompute whether stages compute activations again
 * @param wire how numbers travel between the stages
 * @param revision from which speeds and links the order of work is made: 0 for those believed in, later ones as measured
 */
public record TrialPlan(
        List<Integer> workers,
        List<Integer> ends,
        int microBatches,
        ScheduleKind schedule,
        List<Integer> inFlight,
        boolean recompute,
        WireChoice wire,
        int revision)
        implements Serializable {

    /** Checks the structure; whether the stages fit their workers' memory is for {@link Forecast} to say. */
    public TrialPlan {
        workers = List.copyOf(workers);
        ends = List.copyOf(ends);
        inFlight = List.copyOf(inFlight);
        if (workers.isEmpty() || ends.size() != workers.size() || inFlight.size() != workers.size()) {
            throw new IllegalArgumentException("found " + workers.size() + " workers, " + ends.size() + " ends and "
                    + inFlight.size() + " in-flight limits: a stage has one of each");
        }
        List<Integer> once = workers.subList(0, Math.max(1, workers.size() - (hasSharedEnds(workers) ? 1 : 0)));
        if (new HashSet<>(once).size() != once.size()) {
            throw new IllegalArgumentException("a worker has two stages: " + workers);
        }
        if (microBatches < 1) {
            throw new IllegalArgumentException(microBatches + " micro-batches: a step needs at least 1");
        }
    }

    /** A candidate whose numbers travel as the workers have it. */
    public TrialPlan(
            List<Integer> workers,
            List<Integer> ends,
            int microBatches,
            ScheduleKind schedule,
            List<Integer> inFlight,
            boolean recompute,
            int revision) {
        this(workers, ends, microBatches, schedule, inFlight, recompute, WireChoice.AS_GIVEN, revision);
    }

    /** Whether one worker has the first and the last stage. */
    static boolean hasSharedEnds(List<Integer> workers) {
        return workers.size() > 2 && workers.get(0).equals(workers.get(workers.size() - 1));
    }

    /** What a planner has made, under a schedule. */
    public static TrialPlan of(Allocation allocation, ScheduleKind schedule, boolean recompute) {
        return new TrialPlan(
                allocation.stages().stream().map(StagePlan::worker).toList(),
                allocation.stages().stream().map(StagePlan::endUnit).toList(),
                allocation.microBatches(),
                schedule,
                allocation.inFlightLimits(),
                recompute,
                0);
    }

    /** First stage to last. */
    public List<StagePlan> stages() {
        List<StagePlan> stages = new ArrayList<>();
        int first = 0;
        for (int s = 0; s < workers.size(); s++) {
            stages.add(new StagePlan(workers.get(s), first, ends.get(s)));
            first = ends.get(s);
        }
        return stages;
    }

    /** Plans these stages, whatever it is asked; for {@code SkyTrainer} and whoever else takes a planner. */
    public FixedPlanner planner() {
        return new FixedPlanner(stages(), inFlight, recompute);
    }

    /** The same with its order made from other speeds and links. */
    TrialPlan withRevision(int number) {
        return new TrialPlan(workers, ends, microBatches, schedule, inFlight, recompute, wire, number);
    }

    /** The same with numbers that travel otherwise; as given where that makes no difference on its links. */
    TrialPlan withWire(WireChoice choice, Cluster given) {
        WireChoice plainest = choice.plainest(given, stages());
        return new TrialPlan(workers, ends, microBatches, schedule, inFlight, recompute, plainest, revision);
    }

    /** The request as this plan cuts and orders it, and as its links carry it. */
    PlanRequest requestFrom(PlanRequest request) {
        PlanRequest scaled = request.scaledTo(microBatches);
        return new PlanRequest(scaled.units(), wire.on(scaled.cluster()), microBatches, schedule, scaled.options());
    }
}
