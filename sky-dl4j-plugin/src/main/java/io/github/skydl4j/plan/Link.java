package io.github.skydl4j.plan;

/**
 * A way between two workers, the same in both directions, which do not slow each other. A transfer occupies its
 * direction for {@link #nanos}. Immutable.
 *
 * @param wire how floating-point numbers travel over it
 */
public record Link(double bytesPerSecond, long latencyNanos, WireType wire) {

    /** Costs nothing: workers in one process. */
    public static final Link INSTANT = new Link(Double.POSITIVE_INFINITY, 0);

    public Link {
        if (!(bytesPerSecond > 0)) {
            throw new IllegalArgumentException("bytesPerSecond is " + bytesPerSecond + ": it must be above 0");
        }
        if (latencyNanos < 0) {
            throw new IllegalArgumentException("latencyNanos is " + latencyNanos + ", below 0");
        }
    }

    /** A link that carries numbers as they are. */
    public Link(double bytesPerSecond, long latencyNanos) {
        this(bytesPerSecond, latencyNanos, WireType.EXACT);
    }

    /** The same link with numbers in another form. */
    public Link withWire(WireType newWire) {
        return new Link(bytesPerSecond, latencyNanos, newWire);
    }

    /** The same link where everything takes so many times as long. */
    public Link slower(double factor) {
        return new Link(bytesPerSecond / factor, Math.round(latencyNanos * factor), wire);
    }

    /** The time of one transfer of tensors that have so many bytes in float32. */
    public long nanos(long bytes) {
        return transferNanos(wire.bytes(bytes));
    }

    /** The time of one transfer of so many bytes as they travel. */
    public long transferNanos(long wireBytes) {
        return latencyNanos + (long) Math.ceil(wireBytes / bytesPerSecond * 1e9);
    }

    /** The way over both links: the lower bandwidth, the longer latency, 16 bits where either has them. */
    public Link slowerOf(Link other) {
        return new Link(
                Math.min(bytesPerSecond, other.bytesPerSecond),
                Math.max(latencyNanos, other.latencyNanos),
                wire.with(other.wire));
    }

    /** The best of both: the higher bandwidth, the shorter latency, the fewer bytes. */
    Link fasterOf(Link other) {
        return new Link(
                Math.max(bytesPerSecond, other.bytesPerSecond),
                Math.min(latencyNanos, other.latencyNanos),
                wire.with(other.wire));
    }

    /** The worst of both: no transfer over either takes longer. */
    Link worstOf(Link other) {
        boolean both = wire != WireType.EXACT && other.wire != WireType.EXACT;
        return slowerOf(other).withWire(both ? wire : WireType.EXACT);
    }
}
