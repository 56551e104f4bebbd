package io.github.skydl4j.cluster;

import io.github.skydl4j.plan.Link;
import java.util.OptionalDouble;

/** A worker that has joined. Confined to the coordinator's driving thread. */
final class Member {
    private final String name;
    private final WorkerTraits traits;
    private OptionalDouble slowness = OptionalDouble.empty();
    private Link link = Link.INSTANT;
    private long memoryInUse;
    private boolean leaving;

    Member(String name, WorkerTraits traits) {
        this.name = name;
        this.traits = traits;
    }

    String name() {
        return name;
    }

    WorkerTraits traits() {
        return traits;
    }

    /** How many times slower than the coordinator's JVM; empty before it is measured. */
    OptionalDouble slowness() {
        return slowness;
    }

    Link link() {
        return link;
    }

    void measured(double newSlowness, Link newLink) {
        slowness = OptionalDouble.of(newSlowness);
        link = newLink;
    }

    /** Resident bytes of its process when it last reported. */
    long memoryInUse() {
        return memoryInUse;
    }

    void uses(long bytes) {
        memoryInUse = bytes;
    }

    boolean isLeaving() {
        return leaving;
    }

    void wantsToLeave() {
        leaving = true;
    }
}
