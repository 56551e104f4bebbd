package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Link;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the list under {@code workers}. */
final class WorkerConfig {
    private WorkerConfig() {}

    /** The workers of the list; where there is none, one for each of the {@code cores}. */
    static List<Worker> read(List<Section> sections, int cores) {
        List<Worker> workers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : sections) {
            Worker worker = read(section, workers.size());
            if (!names.add(worker.name())) {
                throw section.error("name", "found " + worker.name() + " again, expected different names");
            }
            workers.add(worker);
        }
        for (int core = 0; core < cores && sections.isEmpty(); core++) {
            workers.add(Worker.named("worker-" + core));
        }
        return workers;
    }

    private static Worker read(Section section, int place) {
        double bandwidth = section.quantity("bandwidth", Quantity.BANDWIDTH, Double.POSITIVE_INFINITY);
        double latency = section.quantity("latency", Quantity.TIME, 0);
        double memory = section.quantity("memory", Quantity.SIZE, Long.MAX_VALUE);
        requireAboveZero(section, "bandwidth", bandwidth);
        requireAboveZero(section, "memory", memory);
        return new Worker(
                section.text("name").orElse("worker-" + place),
                section.number("slowdown", 0, Limits.atLeast(0)),
                (long) memory,
                new Link(bandwidth, (long) latency));
    }

    private static void requireAboveZero(Section section, String key, double value) {
        if (!(value > 0)) {
            throw section.error(key, "found 0, expected more");
        }
    }
}
