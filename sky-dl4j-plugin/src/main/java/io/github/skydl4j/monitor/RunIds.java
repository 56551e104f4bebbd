package io.github.skydl4j.monitor;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Names of runs: the time of their start, UTC, such as {@code 20261125-041500-127}. */
final class RunIds {
    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private RunIds() {}

    static String of(Instant start) {
        return FORMAT.format(start);
    }
}
