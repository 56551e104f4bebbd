package io.github.skydl4j.tune;

import java.time.Duration;
import java.util.function.LongSupplier;

/** The end of a budget of time, on a clock that counts nanoseconds. */
record Deadline(LongSupplier clock, long endNanos) {

    static Deadline in(Duration budget, LongSupplier clock) {
        return new Deadline(clock, clock.getAsLong() + budget.toNanos());
    }

    /** What is left, 0 when it is over. */
    long leftNanos() {
        return Math.max(0, endNanos - clock.getAsLong());
    }
}
