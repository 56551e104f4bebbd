package io.github.skydl4j.pipeline;

/**
 * How a message travelled, by this JVM's {@link System#nanoTime()}.
 *
 * @param sentNanos when the sender handed it over
 * @param startNanos when it began to occupy the link, behind those sent earlier
 * @param endNanos when the link was free again
 * @param arrivalNanos when it was there, the link's latency later
 */
public record Transit(long sentNanos, long startNanos, long endNanos, long arrivalNanos, long bytes) {
    /** Checks the order of the times. */
    public Transit {
        if (startNanos - sentNanos < 0 || endNanos - startNanos < 0 || arrivalNanos - endNanos < 0) {
            throw new IllegalArgumentException("a message sent at " + sentNanos + " that occupies the link from "
                    + startNanos + " to " + endNanos + " and arrives at " + arrivalNanos);
        }
    }
}
