package io.github.skydl4j.monitor;

import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Simulation;
import io.github.skydl4j.plan.Simulator;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.List;

/**
 * What was planned, as far as a monitor shows it. Immutable.
 *
 * @param workers all workers, those that were left out included
 * @param stages first stage to last
 * @param links link i joins stages i and i + 1
 * @param times what a micro-batch was planned to cost
 * @param predictedNanos the simulated step
 * @param events the simulated step's bars
 */
public record PipelinePlan(
        String planner,
        String schedule,
        int microBatches,
        List<PlannedWorker> workers,
        List<PlannedStage> stages,
        List<Link> links,
        StageTimes times,
        long predictedNanos,
        List<Simulation.Event> events,
        List<String> notes) {
    /** Copies the lists. */
    public PipelinePlan {
        workers = List.copyOf(workers);
        stages = List.copyOf(stages);
        links = List.copyOf(links);
        events = List.copyOf(events);
        notes = List.copyOf(notes);
        if (stages.isEmpty() || links.size() != stages.size() - 1 || times.stageCount() != stages.size()) {
            throw new IllegalArgumentException(stages.size() + " stages with " + links.size() + " links and times for "
                    + times.stageCount() + ": n stages have n - 1 links");
        }
    }

    /**
     * A worker.
     *
     * @param slowness 1 is the reference, 4 is four times slower
     */
    public record PlannedWorker(String name, double slowness) {}

    /**
     * A stage: the units {@code [firstUnit, endUnit)}.
     *
     * @param worker its number among the workers
     * @param firstUnitName of the first unit
     * @param lastUnitName of the last unit
     * @param busy share of the simulated step that it works, 0 to 1
     */
    public record PlannedStage(
            int worker,
            String workerName,
            int firstUnit,
            int endUnit,
            String firstUnitName,
            String lastUnitName,
            double busy) {}

    /** The plan that a planner made, simulated. */
    public static PipelinePlan of(PlanRequest request, Allocation allocation) {
        Simulation simulation = Simulator.simulate(request, allocation);
        List<PlannedStage> stages = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (int s = 0; s < allocation.stages().size(); s++) {
            StagePlan stage = allocation.stages().get(s);
            stages.add(stage(request, stage, simulation.busyShares().get(s)));
            if (s > 0) {
                links.add(request.cluster().link(allocation.stages().get(s - 1).worker(), stage.worker()));
            }
        }
        return new PipelinePlan(
                allocation.planner(),
                request.schedule().label(),
                allocation.microBatches(),
                request.cluster().workers().stream().map(PipelinePlan::worker).toList(),
                stages,
                links,
                StepTimes.of(request, allocation),
                simulation.stepNanos(),
                simulation.events(),
                allocation.notes());
    }

    private static PlannedWorker worker(WorkerProfile profile) {
        return new PlannedWorker(profile.name(), profile.slowness());
    }

    private static PlannedStage stage(PlanRequest request, StagePlan stage, double busy) {
        return new PlannedStage(
                stage.worker(),
                request.cluster().worker(stage.worker()).name(),
                stage.firstUnit(),
                stage.endUnit(),
                request.units().get(stage.firstUnit()).name(),
                request.units().get(stage.endUnit() - 1).name(),
                busy);
    }
}
