package io.github.skydl4j;

import io.github.skydl4j.pipeline.Emulation;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.plan.WorkerProfile;
import java.util.ArrayList;
import java.util.List;

/**
 * Someone who hosts a stage: here a thread of this JVM, made slower on request to play an unequal machine. Immutable.
 *
 * @param name shown in plans and reports; unique among the workers
 * @param slowdown 0 for the host's own speed; 3 for four times slower (idle time = 3 x compute time)
 * @param memoryBytes what the planner may put on it; {@code Long.MAX_VALUE} for no limit
 * @param link its connection; between two workers the slower one counts, and 16 bits if either has them
 */
public record Worker(String name, double slowdown, long memoryBytes, Link link) {
    /** Checks the values. */
    public Worker {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a worker needs a name");
        }
        if (!(slowdown >= 0) || Double.isInfinite(slowdown)) {
            throw new IllegalArgumentException(
                    "worker " + name + ": slowdown is " + slowdown + ", it must be at least 0 (0 is full speed)");
        }
        if (memoryBytes <= 0) {
            throw new IllegalArgumentException(
                    "worker " + name + ": memory is " + memoryBytes + " bytes, it must be above 0");
        }
    }

    /** A worker at the host's own speed, without limits. */
    public static Worker named(String name) {
        return new Worker(name, 0, Long.MAX_VALUE, Link.INSTANT);
    }

    /** The same worker, slower. */
    public Worker withSlowdown(double newSlowdown) {
        return new Worker(name, newSlowdown, memoryBytes, link);
    }

    /** The same worker with a memory limit. */
    public Worker withMemory(long bytes) {
        return new Worker(name, slowdown, bytes, link);
    }

    /** The same worker behind a link. */
    public Worker withLink(Link newLink) {
        return new Worker(name, slowdown, memoryBytes, newLink);
    }

    /** The same worker with numbers in this form on its link: both ways, in place of what the link says. */
    public Worker withWire(WireType wire) {
        return withLink(link.withWire(wire));
    }

    /** The workers as planners see them, the time of all of them and of their links stretched by {@code dilation}. */
    public static Cluster cluster(List<Worker> workers, double dilation) {
        List<WorkerProfile> profiles = new ArrayList<>();
        List<Link> links = new ArrayList<>();
        for (Worker worker : workers) {
            double stretch = new Emulation(worker.slowdown(), dilation).stretch();
            profiles.add(new WorkerProfile(worker.name(), stretch, worker.memoryBytes()));
            links.add(worker.link().slower(dilation));
        }
        return Cluster.upLinks(profiles, links);
    }
}
