package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Link;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.IntStream;

/** Reads the list under {@code workers}. */
final class WorkerConfig {
    private static final int MOST_OF_A_KIND = 10_000;

    private WorkerConfig() {}

    /** The workers of the list; where there is none, one for each of the {@code cores}. */
    static List<Worker> read(List<Section> sections, int cores) {
        List<Worker> workers = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : sections) {
            for (Worker worker : read(section, workers.size())) {
                if (!names.add(worker.name())) {
                    throw section.error("name", "found " + worker.name() + " again, expected different names");
                }
                workers.add(worker);
            }
        }
        for (int core = 0; core < cores && sections.isEmpty(); core++) {
            workers.add(Worker.named("worker-" + core));
        }
        return workers;
    }

    /** One worker, or {@code count} of a kind: {@code laptop-1}, {@code laptop-2}, ... */
    private static List<Worker> read(Section section, int place) {
        String name = section.text("name").orElse("worker-" + place);
        OptionalInt count = section.optionalInteger("count", 1);
        if (count.isEmpty()) {
            return List.of(read(section, name));
        }
        if (count.getAsInt() > MOST_OF_A_KIND) {
            throw section.error("count", "found " + count.getAsInt() + ", expected at most " + MOST_OF_A_KIND);
        }
        return IntStream.rangeClosed(1, count.getAsInt())
                .mapToObj(number -> read(section, name + "-" + number))
                .toList();
    }

    private static Worker read(Section section, String name) {
        double bandwidth = section.quantity("bandwidth", Quantity.BANDWIDTH, Double.POSITIVE_INFINITY);
        double latency = section.quantity("latency", Quantity.TIME, 0);
        double memory = section.quantity("memory", Quantity.SIZE, Long.MAX_VALUE);
        requireAboveZero(section, "bandwidth", bandwidth);
        requireAboveZero(section, "memory", memory);
        return new Worker(
                name, section.number("slowdown", 0, Limits.atLeast(0)), (long) memory, new Link(bandwidth, (long)
                        latency));
    }

    private static void requireAboveZero(Section section, String key, double value) {
        if (!(value > 0)) {
            throw section.error(key, "found 0, expected more");
        }
    }
}
