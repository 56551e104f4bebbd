package io.github.skydl4j.plan;

import java.util.List;

/**
 * One machine that plays all workers of an emulated cluster as threads. Immutable.
 *
 * @param cores what the threads share
 * @param crowding by what the CPU time of work grows when other threads share memory and caches; at least 1
 * @param coldNanos CPU time that a piece of work takes besides, because its thread has idled before
 * @param handOverNanos from the moment a thread sends a message until a thread that waited for it runs
 */
public record Host(int cores, double crowding, long coldNanos, long handOverNanos) {

    public Host {
        if (cores < 1) {
            throw new IllegalArgumentException("cores is " + cores + ": it must be at least 1");
        }
        if (!(crowding >= 1) || Double.isInfinite(crowding)) {
            throw new IllegalArgumentException("crowding is " + crowding + ": it must be at least 1");
        }
        if (coldNanos < 0 || handOverNanos < 0) {
            throw new IllegalArgumentException(
                    "coldNanos is " + coldNanos + " and handOverNanos " + handOverNanos + ": neither may be below 0");
        }
    }

    /** Units measured alone as they cost when this machine plays all workers, but for {@link #coldNanos}. */
    public List<UnitProfile> played(List<UnitProfile> units) {
        return units.stream().map(unit -> unit.slower(crowding)).toList();
    }

    /** CPU time that a thread gets in a nanosecond while so many want to run. */
    double share(int threads) {
        return Math.min(1, (double) cores / threads);
    }
}
