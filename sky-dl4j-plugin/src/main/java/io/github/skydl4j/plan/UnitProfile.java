package io.github.skydl4j.plan;

import java.util.Objects;

/**
 * What one unit costs. Immutable.
 *
 * @param name the unit, for people
 * @param kind units of one kind run equally fast relative to each other on every worker; empty for the ordinary kind
 * @param forwardNanos forward of one micro-batch on a worker of slowness 1
 * @param backwardNanos backward of one micro-batch on a worker of slowness 1
 * @param updateNanos what a step costs once, however many micro-batches: the updater, on a worker of slowness 1
 * @param parameterBytes the parameters
 * @param stateBytes gradients, updater state and what else is held whatever is in flight
 * @param activationBytes kept for every micro-batch in flight
 * @param boundaryBytes what crosses a cut directly after this unit for one micro-batch, in either direction: all
 *     tensors made before the cut and used after it, a skip included at every cut it spans; as float32 where the link has 16 bits ({@link WireType#bytes})
 */
public record UnitProfile(
        String name,
        String kind,
        long forwardNanos,
        long backwardNanos,
        long updateNanos,
        long parameterBytes,
        long stateBytes,
        long activationBytes,
        long boundaryBytes) {

    public UnitProfile {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(kind, "kind");
        requireNotNegative(name, "forwardNanos", forwardNanos);
        requireNotNegative(name, "backwardNanos", backwardNanos);
        requireNotNegative(name, "updateNanos", updateNanos);
        requireNotNegative(name, "parameterBytes", parameterBytes);
        requireNotNegative(name, "stateBytes", stateBytes);
        requireNotNegative(name, "activationBytes", activationBytes);
        requireNotNegative(name, "boundaryBytes", boundaryBytes);
    }

    /** A unit of the ordinary kind whose update costs no time. */
    public UnitProfile(
            String name,
            long forwardNanos,
            long backwardNanos,
            long parameterBytes,
            long stateBytes,
            long activationBytes,
            long boundaryBytes) {
        this(name, "", forwardNanos, backwardNanos, 0, parameterBytes, stateBytes, activationBytes, boundaryBytes);
    }

    /** The unit with an updater that takes so long. */
    public UnitProfile withUpdateNanos(long value) {
        return new UnitProfile(
                name,
                kind,
                forwardNanos,
                backwardNanos,
                value,
                parameterBytes,
                stateBytes,
                activationBytes,
                boundaryBytes);
    }

    /** The unit where all of its work takes so many times as long. */
    UnitProfile slower(double factor) {
        return new UnitProfile(
                name,
                kind,
                Math.round(forwardNanos * factor),
                Math.round(backwardNanos * factor),
                Math.round(updateNanos * factor),
                parameterBytes,
                stateBytes,
                activationBytes,
                boundaryBytes);
    }

    /** Bytes held all the time, whatever is in flight. */
    public long residentBytes() {
        return parameterBytes + stateBytes;
    }

    /** The unit with micro-batches of {@code size} times the examples, which take {@code time} times as long. */
    UnitProfile scaled(double time, double size) {
        return new UnitProfile(
                name,
                kind,
                Math.round(forwardNanos * time),
                Math.round(backwardNanos * time),
                updateNanos,
                parameterBytes,
                stateBytes,
                (long) Math.ceil(activationBytes * size),
                (long) Math.ceil(boundaryBytes * size));
    }

    private static void requireNotNegative(String unit, String what, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("unit " + unit + ": " + what + " is " + value + ", below 0");
        }
    }
}
