package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.plan.WorkerProfile;
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

    private record Entry(Section section, Worker worker) {}

    /**
     * The workers of the list; where there is none, one for each of the {@code cores}.
     *
     * @param wire of all links, beside what the list says
     */
    static List<Worker> read(List<Section> sections, int cores, WireType wire) {
        List<Worker> workers = new ArrayList<>();
        entries(sections).forEach(entry -> workers.add(entry.worker()));
        for (int core = 0; core < cores && sections.isEmpty(); core++) {
            workers.add(Worker.named("worker-" + core));
        }
        return workers.stream()
                .map(worker -> worker.withWire(wire.with(worker.link().wire())))
                .toList();
    }

    /**
     * What planning takes the workers for: what the list says of them, or what was measured of them where {@code measured}
     * says so.
     *
     * @param workers those of the list
     */
    static Cluster cluster(List<Section> sections, List<Worker> workers, double dilation) {
        Cluster described = Worker.cluster(workers, dilation);
        List<WorkerProfile> profiles = new ArrayList<>(described.workers());
        List<Link> links = new ArrayList<>();
        workers.forEach(worker -> links.add(worker.link().slower(dilation)));
        List<Entry> entries = entries(sections);
        for (int w = 0; w < entries.size(); w++) {
            Section measured = entries.get(w).section().section("measured");
            Worker worker = workers.get(w);
            double slowdown = measured.number("slowdown", worker.slowdown(), Limits.above(-1));
            profiles.set(w, new WorkerProfile(worker.name(), (1 + slowdown) * dilation, worker.memoryBytes()));
            links.set(w, link(measured, worker.link()).slower(dilation));
        }
        return Cluster.upLinks(profiles, links);
    }

    private static List<Entry> entries(List<Section> sections) {
        List<Entry> entries = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (Section section : sections) {
            for (Worker worker : read(section, entries.size())) {
                if (!names.add(worker.name())) {
                    throw section.error("name", "found " + worker.name() + " again, expected different names");
                }
                entries.add(new Entry(section, worker));
            }
        }
        return entries;
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
        double memory = section.quantity("memory", Quantity.SIZE, Long.MAX_VALUE);
        requireAboveZero(section, "memory", memory);
        return new Worker(
                name,
                section.number("slowdown", 0, Limits.atLeast(0)),
                (long) memory,
                link(section, Link.INSTANT).withWire(wire(section)));
    }

    private static Link link(Section section, Link absent) {
        double bandwidth = section.quantity("bandwidth", Quantity.BANDWIDTH, absent.bytesPerSecond());
        requireAboveZero(section, "bandwidth", bandwidth);
        double latency = section.quantity("latency", Quantity.TIME, (double) absent.latencyNanos());
        return new Link(bandwidth, (long) latency, absent.wire());
    }

    /** The key {@code wire}: of one worker's link, or of all links where it stands at the top. */
    static WireType wire(Section section) {
        return section.choice("wire", List.of(WireType.values()), WireType::label, WireType.EXACT);
    }

    private static void requireAboveZero(Section section, String key, double value) {
        if (!(value > 0)) {
            throw section.error(key, "found 0, expected more");
        }
    }
}
