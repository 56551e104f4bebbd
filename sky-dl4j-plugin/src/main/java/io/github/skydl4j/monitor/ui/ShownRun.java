package io.github.skydl4j.monitor.ui;

import io.github.skydl4j.monitor.Monitor;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The run that the page shows: DL4J's UI makes its modules itself, by ServiceLoader, so the run waits for them here.
 * Thread-safe; one run at a time for the JVM, as there is one UI.
 */
public final class ShownRun {
    private static final AtomicReference<Monitor> SHOWN = new AtomicReference<>();

    private ShownRun() {}

    /** From now on the page shows this run, also when it has ended. */
    public static void show(Monitor monitor) {
        SHOWN.set(monitor);
    }

    static Optional<Monitor> current() {
        return Optional.ofNullable(SHOWN.get());
    }
}
