package io.github.skydl4j.pipeline;

/**
 * How a thread plays a slower worker, for experiments on one machine. Immutable.
 *
 * <p>After each piece of work the thread idles until {@code cpu time x (1 + slowdown) x dilation} has passed since the
 * work began. Without contention that is the idle time of Sky Computing (arXiv 2202.11836), compute time x slowdown. The
 * thread's CPU time is the base, so that a busy host does not multiply into the emulated time.
 *
 * @param slowdown idle time per time of work, at least 0; 3 makes a worker four times slower
 * @param dilation stretches the time of all workers alike, at least 1, so that a host emulates more workers than it has
 *     cores: choose it so that all CPU time together fits the cores, and divide measured times by it
 */
public record Emulation(double slowdown, double dilation) {
    /** Work at the host's own speed. */
    public static final Emulation NONE = new Emulation(0, 1);

    /** Checks the ranges. */
    public Emulation {
        if (!(slowdown >= 0) || Double.isInfinite(slowdown)) {
            throw new IllegalArgumentException("slowdown is " + slowdown + ": it must be at least 0");
        }
        if (!(dilation >= 1) || Double.isInfinite(dilation)) {
            throw new IllegalArgumentException("dilation is " + dilation + ": it must be at least 1");
        }
    }

    /** By what an hour of CPU time on this host grows on the emulated worker. */
    public double stretch() {
        return (1 + slowdown) * dilation;
    }
}
