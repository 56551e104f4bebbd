package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.List;
import java.util.Objects;

/** What is to be planned: units in the order of the model, workers, and how a step runs. Immutable. */
public record PlanRequest(
        List<UnitProfile> units, Cluster cluster, int microBatches, ScheduleKind schedule, PlanOptions options) {

    public PlanRequest {
        units = List.copyOf(units);
        Objects.requireNonNull(cluster, "cluster");
        Objects.requireNonNull(schedule, "schedule");
        Objects.requireNonNull(options, "options");
        if (units.isEmpty()) {
            throw new IllegalArgumentException("a model needs at least one unit");
        }
        if (microBatches < 1) {
            throw new IllegalArgumentException(microBatches + " micro-batches: a step needs at least 1");
        }
    }

    public PlanRequest(List<UnitProfile> units, Cluster cluster, int microBatches, ScheduleKind schedule) {
        this(units, cluster, microBatches, schedule, PlanOptions.defaults());
    }

    public PlanRequest withOptions(PlanOptions value) {
        return new PlanRequest(units, cluster, microBatches, schedule, value);
    }

    /**
     * With the first and the last stage on the worker of this name; see {@link PlanOptions#owner}.
     *
     * @throws IllegalArgumentException if the cluster has none of this name
     */
    public PlanRequest withOwner(String name) {
        for (int worker = 0; worker < cluster.size(); worker++) {
            if (cluster.worker(worker).name().equals(name)) {
                return withOptions(options.withOwner(worker));
            }
        }
        throw new IllegalArgumentException("owner: found \"" + name + "\", expected the name of a worker, such as "
                + cluster.worker(0).name());
    }

    public PlanRequest withMicroBatches(int value) {
        return new PlanRequest(units, cluster, value, schedule, options);
    }

    public PlanRequest withCluster(Cluster value) {
        return new PlanRequest(units, value, microBatches, schedule, options);
    }

    /**
     * The same step cut into another number of micro-batches: each has that much fewer or more examples, and units
     * take, keep and send in proportion, but for the fixed share of their time.
     */
    public PlanRequest scaledTo(int value) {
        if (value == microBatches) {
            return this;
        }
        double size = (double) microBatches / value;
        double time = options.fixedShare() + (1 - options.fixedShare()) * size;
        List<UnitProfile> scaled =
                units.stream().map(unit -> unit.scaled(time, size)).toList();
        return new PlanRequest(scaled, cluster, value, schedule, options);
    }
}
