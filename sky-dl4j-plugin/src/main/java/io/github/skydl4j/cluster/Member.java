package io.github.skydl4j.cluster;

import io.github.skydl4j.monitor.ClockOffset;
import io.github.skydl4j.plan.Link;
import java.util.OptionalDouble;

/** A worker that has joined. Confined to the coordinator's driving thread. */
final class Member {
    private final String name;
    private final WorkerTraits traits;
    private OptionalDouble slowness = OptionalDouble.empty();
    private Link link = Link.INSTANT;
    private long idleBytes;
    private long memoryInUse;
    private boolean leaving;
    private final ClockOffset clock = new ClockOffset();

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

    void measured(double newSlowness, Link newLink, long newIdleBytes) {
        slowness = OptionalDouble.of(newSlowness);
        link = newLink;
        idleBytes = newIdleBytes;
    }

    /** Resident bytes of its process without a stage, its code warm. */
    long idleBytes() {
        return idleBytes;
    }

    /** Resident bytes of its process when it last reported. */
    long memoryInUse() {
        return memoryInUse;
    }

    void uses(long bytes) {
        memoryInUse = bytes;
    }

    /** How far its clock is ahead of the one here. */
    ClockOffset clock() {
        return clock;
    }

    boolean isLeaving() {
        return leaving;
    }

    void wantsToLeave() {
        leaving = true;
    }
}
