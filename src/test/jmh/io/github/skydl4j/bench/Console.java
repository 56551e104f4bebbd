package io.github.skydl4j.bench;

import java.io.PrintStream;
import java.time.Duration;

/** Where an experiment tells how far it is, each line with the time since its start. */
final class Console {
    private final PrintStream out;
    private final long start = System.nanoTime();

    Console(PrintStream out) {
        this.out = out;
    }

    void line(String text) {
        out.printf("%5d s  %s%n", elapsed().toSeconds(), text);
    }

    Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - start);
    }
}
