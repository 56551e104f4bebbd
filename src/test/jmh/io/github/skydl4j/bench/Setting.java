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
 */
record Setting(String group, List<Worker> workers, Planner planner, int batch, int microBatches, double dilation) {
    Setting {
        workers = List.copyOf(workers);
    }

    String name() {
        return group + ", " + planner.name();
    }
}
