package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.WireType;
import java.util.List;

/**
 * One way to train. Immutable.
 *
 * @param group settings of one group are compared with the group's even split
 * @param batch sentences in a step
 * @param microBatches of a step
 * @param dilation stretches all workers' time; what is reported is divided by it
 */
record Setting(String group, List<Worker> workers, Planner planner, int batch, int microBatches, double dilation) {
    Setting {
        workers = List.copyOf(workers);
    }

    /** In real time. */
    static Setting of(String group, List<Worker> workers, Planner planner, int batch, int microBatches) {
        return new Setting(group, workers, planner, batch, microBatches, 1);
    }

    /** Stretched until this host can play the workers. */
    Setting dilated() {
        return dilated(1);
    }

    /** The same by a factor of at least this: delays of the host, which are not stretched, weigh less then. */
    Setting dilated(double least) {
        double factor = Math.max(least, Workers.dilation(workers, microBatches));
        return new Setting(group, workers, planner, batch, microBatches, factor);
    }

    /** The same with numbers in this form on all links. */
    Setting over(WireType wire) {
        List<Worker> wired =
                workers.stream().map(worker -> worker.withWire(wire)).toList();
        return new Setting(group, wired, planner, batch, microBatches, dilation);
    }

    String name() {
        WireType wire = workers.stream().map(worker -> worker.link().wire()).reduce(WireType.EXACT, WireType::with);
        return group + ", " + planner.name() + (wire == WireType.EXACT ? "" : ", " + wire.label());
    }
}
