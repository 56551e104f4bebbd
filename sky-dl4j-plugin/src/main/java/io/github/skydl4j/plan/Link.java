package io.github.skydl4j.plan;

/**
 * A way between two workers, the same in both directions, which do not slow each other. A transfer occupies its
 * direction for {@link #nanos}. Immutable.
 */
public record Link(double bytesPerSecond, long latencyNanos) {

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

    /** The time of one transfer of so many bytes. */
    public long nanos(long bytes) {
        return latencyNanos + (long) Math.ceil(bytes / bytesPerSecond * 1e9);
    }

    /** The way over both links: the lower bandwidth, the longer latency. */
    public Link slowerOf(Link other) {
        return new Link(Math.min(bytesPerSecond, other.bytesPerSecond), Math.max(latencyNanos, other.latencyNanos));
    }

    /** The best of both: the higher bandwidth, the shorter latency. */
    Link fasterOf(Link other) {
        return new Link(Math.max(bytesPerSecond, other.bytesPerSecond), Math.min(latencyNanos, other.latencyNanos));
    }
}
