package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Planner;
import java.util.List;

/**
 * One way to train. Immutable.
 *
 * @param group settings of one group are compared with the group's even split
 * @param batch sentences in a step
 * @param microBatches of a step
 * @param dilation stretches all workers' time; what is reported is divided by it
 * @param wire how numbers cross the links
 */
record Setting(
        String group, List<Worker> workers, Planner planner, int batch, int microBatches, double dilation, Wire wire) {
    Setting {
        workers = List.copyOf(workers);
    }

    /** In real time, numbers as they are. */
    static Setting of(String group, List<Worker> workers, Planner planner, int batch, int microBatches) {
        return new Setting(group, workers, planner, batch, microBatches, 1, Wire.FLOAT32);
    }

    /** Stretched until this host can play the workers. */
    Setting dilated() {
        return dilated(1);
    }

    /** The same by a factor of at least this: delays of the host, which are not stretched, weigh less then. */
    Setting dilated(double least) {
        double factor = Math.max(least, Workers.dilation(workers, microBatches));
        return new Setting(group, workers, planner, batch, microBatches, factor, wire);
    }

    Setting over(Wire newWire) {
        return new Setting(group, workers, planner, batch, microBatches, dilation, newWire);
    }

    String name() {
        return group + ", " + planner.name() + (wire == Wire.FLOAT32 ? "" : ", " + wire.label());
    }
}
