package io.github.skydl4j.transport;

import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Logs what was refused, a line a second at most, and how often since the last line. Thread-safe. */
final class RefusalLog {
    private static final long INTERVAL_NANOS = 1_000_000_000;

    private final LongSupplier clock;
    private final Consumer<String> log;
    private long count;
    private long loggedAt;
    private boolean logged;

    RefusalLog(LongSupplier clock, Consumer<String> log) {
        this.clock = clock;
        this.log = log;
    }

    synchronized void note(String what) {
        count++;
        long now = clock.getAsLong();
        if (!logged || now - loggedAt >= INTERVAL_NANOS) {
            log.accept(count == 1 ? what : what + " (" + count + " of this kind since the last line)");
            logged = true;
            loggedAt = now;
            count = 0;
        }
    }
}
