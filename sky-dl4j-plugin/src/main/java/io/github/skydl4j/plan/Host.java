package io.github.skydl4j.plan;

import java.util.List;

/**
 * One machine that plays all workers of an emulated cluster as threads. Immutable.
 *
 * @param cores what the threads share
 * @param crowding by what the CPU time of work grows when other threads share memory and caches; above 0
 * @param coldNanos CPU time that a piece of work takes besides, because its thread has idled before
 * @param loneGrowth by what it grows where one thread does all units in turn, each in caches that the others have used
 * @param loneNanos CPU time that a piece of work takes besides in that thread
 * @param handOverNanos from the moment a thread sends a message until a thread that waited for it runs
 */
public record Host(int cores, double crowding, long coldNanos, double loneGrowth, long loneNanos, long handOverNanos) {

    public Host {
        if (cores < 1) {
            throw new IllegalArgumentException("cores is " + cores + ": it must be at least 1");
        }
        requireGrowth("crowding", crowding);
        requireGrowth("loneGrowth", loneGrowth);
        if (coldNanos < 0 || loneNanos < 0 || handOverNanos < 0) {
            throw new IllegalArgumentException("coldNanos is " + coldNanos + ", loneNanos " + loneNanos
                    + " and handOverNanos " + handOverNanos + ": none may be below 0");
        }
    }

    private static void requireGrowth(String name, double growth) {
        if (!(growth > 0) || Double.isInfinite(growth)) {
            throw new IllegalArgumentException(name + " is " + growth + ": it must be above 0");
        }
    }

    /** What units as {@link #played} gives them are to be multiplied by, with so many threads at work. */
    double growthBeyondPlayed(int threads) {
        return threads == 1 ? loneGrowth / crowding : 1;
    }

    /** CPU time that each piece of work takes besides, with so many threads at work. */
    long pieceNanos(int threads) {
        return threads == 1 ? loneNanos : coldNanos;
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
