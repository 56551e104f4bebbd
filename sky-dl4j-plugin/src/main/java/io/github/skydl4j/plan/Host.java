package io.github.skydl4j.plan;

import java.util.List;

/**
 * One machine that plays all workers of an emulated cluster as threads. What grows is the CPU time of units measured alone.
 * Immutable.
 *
 * @param cores what the threads share
 * @param crowded growth where several threads share memory and caches, and idle in between
 * @param lone growth where one thread does all units in turn, each in caches that the others have used
 * @param idling the same for a thread that idles after each piece of work and starts the next one cold
 * @param handOverNanos from the moment a thread sends a message until a thread that waited for it runs
 * @param stepNanos of a step in which no thread is at work: its phases are handed out and their results collected
 */
public record Host(int cores, Growth crowded, Growth lone, Growth idling, long handOverNanos, long stepNanos) {

    public Host {
        if (cores < 1) {
            throw new IllegalArgumentException("cores is " + cores + ": it must be at least 1");
        }
        if (handOverNanos < 0 || stepNanos < 0) {
            throw new IllegalArgumentException(
                    "handOverNanos is " + handOverNanos + " and stepNanos " + stepNanos + ": neither may be below 0");
        }
    }

    /** A machine whose threads do not disturb one another and wake up at once. */
    public static Host ideal(int cores) {
        return new Host(cores, Growth.NONE, Growth.NONE, Growth.NONE, 0, 0);
    }

    /** Growth with so many threads at work, which idle after their work or do not. */
    Growth growth(int threads, boolean idles) {
        return threads > 1 ? crowded : idles ? idling : lone;
    }

    /** Units measured alone as they cost when this machine plays all workers, but for what each piece of work takes besides. */
    public List<UnitProfile> played(List<UnitProfile> units) {
        return units.stream().map(unit -> unit.slower(crowded.factor())).toList();
    }

    /** CPU time that a thread gets in a nanosecond while so many want to run. */
    double share(int threads) {
        return Math.min(1, (double) cores / threads);
    }
}
