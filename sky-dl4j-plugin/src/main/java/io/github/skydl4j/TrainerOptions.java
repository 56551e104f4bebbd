package io.github.skydl4j;

import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.plan.WireTypes;
import io.github.skydl4j.profile.ProfileStore;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;

/**
 * How a trainer works, checked. Immutable.
 *
 * @param workers with the wire types that their links have in the end
 * @param wires how numbers travel between workers of a cluster
 * @param listeners asked for at the start of each call of {@code fit}
 * @param measured what planning takes the workers for, where that is known better than from their description
 */
record TrainerOptions(
        List<Worker> workers,
        Planner planner,
        Optional<String> owner,
        ScheduleKind schedule,
        int microBatches,
        boolean recompute,
        double dilation,
        WireTypes wires,
        Duration profiling,
        ProfileStore profiles,
        Optional<Cluster> measured,
        Duration stallLimit,
        Supplier<List<TrainingListener>> listeners,
        List<StepListener> stepListeners,
        @Nullable Monitor monitor,
        @Nullable Coordinator cluster) {
    /** What planning takes the workers in this JVM for. */
    Cluster planned() {
        List<WireType> wires =
                workers.stream().map(worker -> worker.link().wire()).toList();
        return measured.map(known -> known.withWires(wires)).orElseGet(() -> Worker.cluster(workers, dilation));
    }

    TrainerOptions {
        workers = List.copyOf(workers);
        stepListeners = List.copyOf(stepListeners);
        if (workers.isEmpty()) {
            throw new IllegalArgumentException("no workers: name at least one");
        }
        Set<String> names = new LinkedHashSet<>();
        for (Worker worker : workers) {
            if (!names.add(worker.name())) {
                throw new IllegalArgumentException("two workers are named " + worker.name() + ": names must differ");
            }
        }
        if (owner.isPresent() && !names.contains(owner.get())) {
            throw new IllegalArgumentException(
                    "owner is " + owner.get() + ", which is no worker: the workers are " + String.join(", ", names));
        }
        if (owner.isPresent() && cluster != null) {
            throw new IllegalArgumentException("owner is " + owner.get()
                    + ", and the workers are those of a cluster: both ends on one worker is for workers in this JVM");
        }
        if (microBatches < 1) {
            throw new IllegalArgumentException("microBatches is " + microBatches + ": it must be at least 1");
        }
        if (!(dilation >= 1) || Double.isInfinite(dilation)) {
            throw new IllegalArgumentException("dilation is " + dilation + ": it must be at least 1");
        }
        if (cluster == null && measured.isPresent() && measured.get().size() != workers.size()) {
            throw new IllegalArgumentException(measured.get().size() + " workers were measured, there are "
                    + workers.size() + ": name the same ones in the same order");
        }
        if (stallLimit.isNegative() || stallLimit.isZero()) {
            throw new IllegalArgumentException("stallLimit is " + stallLimit + ": it must be above 0");
        }
    }
}
