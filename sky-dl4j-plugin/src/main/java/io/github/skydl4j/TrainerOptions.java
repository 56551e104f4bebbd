package io.github.skydl4j;

import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.optimize.api.TrainingListener;

/**
 * How a trainer works, checked. Immutable.
 *
 * @param units as measured before; empty to measure them
 * @param cluster what planning takes the workers for, where that is known better than from their description
 */
record TrainerOptions(
        List<Worker> workers,
        Planner planner,
        ScheduleKind schedule,
        int microBatches,
        boolean recompute,
        double dilation,
        Duration profiling,
        List<UnitProfile> units,
        Optional<Cluster> cluster,
        Duration stallLimit,
        List<TrainingListener> listeners,
        List<StepListener> stepListeners) {
    TrainerOptions {
        workers = List.copyOf(workers);
        units = List.copyOf(units);
        listeners = List.copyOf(listeners);
        stepListeners = List.copyOf(stepListeners);
        if (workers.isEmpty()) {
            throw new IllegalArgumentException("no workers: name at least one");
        }
        Set<String> names = new HashSet<>();
        for (Worker worker : workers) {
            if (!names.add(worker.name())) {
                throw new IllegalArgumentException("two workers are named " + worker.name() + ": names must differ");
            }
        }
        if (microBatches < 1) {
            throw new IllegalArgumentException("microBatches is " + microBatches + ": it must be at least 1");
        }
        if (!(dilation >= 1) || Double.isInfinite(dilation)) {
            throw new IllegalArgumentException("dilation is " + dilation + ": it must be at least 1");
        }
        if (cluster.isPresent() && cluster.get().size() != workers.size()) {
            throw new IllegalArgumentException(
                    "the cluster to plan for has " + cluster.get().size() + " workers, there are " + workers.size()
                            + ": name the same ones in the same order");
        }
        if (stallLimit.isNegative() || stallLimit.isZero()) {
            throw new IllegalArgumentException("stallLimit is " + stallLimit + ": it must be above 0");
        }
    }
}
