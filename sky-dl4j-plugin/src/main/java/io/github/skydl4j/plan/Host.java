package io.github.skydl4j.plan;

/**
 * One machine that plays all workers of an emulated cluster as threads. Immutable.
 *
 * @param cores what the threads share
 * @param crowding by what the CPU time of the same work grows when all cores are at work, for memory and cache are shared
 *     too; at least 1
 * @param handOverNanos from the moment a thread sends a message until a thread that waited for it runs
 */
public record Host(int cores, double crowding, long handOverNanos) {

    public Host {
        if (cores < 1) {
            throw new IllegalArgumentException("cores is " + cores + ": it must be at least 1");
        }
        if (!(crowding >= 1) || Double.isInfinite(crowding)) {
            throw new IllegalArgumentException("crowding is " + crowding + ": it must be at least 1");
        }
        if (handOverNanos < 0) {
            throw new IllegalArgumentException("handOverNanos is " + handOverNanos + ", below 0");
        }
    }

    /** CPU time of work of one nanosecond while so many threads want to run. */
    double cpuTime(int threads) {
        int others = Math.min(threads, cores) - 1;
        return cores == 1 ? 1 : 1 + (crowding - 1) * others / (cores - 1);
    }

    /** CPU time that a thread gets in a nanosecond while so many want to run. */
    double share(int threads) {
        return Math.min(1, (double) cores / threads);
    }
}
