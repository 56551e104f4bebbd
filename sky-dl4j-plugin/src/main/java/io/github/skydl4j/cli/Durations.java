package io.github.skydl4j.cli;

import java.time.Duration;
import java.util.Locale;

/** Times for people. */
final class Durations {
    private Durations() {}

    /** The time under {@code key}, above 0. */
    static Duration read(Section section, String key, Duration absent) {
        double nanos = section.quantity(key, Quantity.TIME, (double) absent.toNanos());
        if (!(nanos > 0)) {
            throw section.error(key, "found 0, expected more");
        }
        return Duration.ofNanos((long) nanos);
    }

    /** For example {@code 42 s}, {@code 3 min 05 s}, {@code 2 h 10 min}. */
    static String text(double seconds) {
        long whole = Math.round(seconds);
        if (whole < 60) {
            return whole + " s";
        }
        if (whole < 3600) {
            return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
        }
        return String.format(Locale.ROOT, "%d h %02d min", whole / 3600, whole / 60 % 60);
    }

    /** For example {@code 0.42 ms}, {@code 12.3 ms}, {@code 1240 ms}. */
    static String millis(double millis) {
        int digits = millis < 1 ? 2 : millis < 100 ? 1 : 0;
        return String.format(Locale.ROOT, "%." + digits + "f ms", millis);
    }
}
