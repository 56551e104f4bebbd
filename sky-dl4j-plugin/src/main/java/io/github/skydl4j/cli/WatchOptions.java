package io.github.skydl4j.cli;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of a command that trains about what can be seen of it. */
final class WatchOptions {
    private static final int TRAINING_UI_PORT = 9000;

    @Option(
            names = "--trace",
            paramLabel = "FILE.json",
            description = "Write every step as a trace for Perfetto (ui.perfetto.dev) or chrome://tracing.")
    private @Nullable Path trace;

    @Option(
            names = "--ui",
            description = "Show the run in DL4J's training UI, page /sky, on port 9000 of this host alone.")
    private boolean ui;

    @Option(
            names = "--ui-address",
            paramLabel = "[HOST:]PORT",
            converter = Address.class,
            description = "The same somewhere else; with a HOST other than this one everybody it reaches can look on."
                    + " Port 0 takes a free one.")
    private @Nullable InetSocketAddress uiAddress;

    @Option(
            names = "--metrics",
            paramLabel = "[HOST:]PORT",
            converter = Address.class,
            description = "Answer Prometheus at /metrics; without HOST on this host alone.")
    private @Nullable InetSocketAddress metrics;

    Optional<Path> trace() {
        return Optional.ofNullable(trace);
    }

    Optional<InetSocketAddress> ui() {
        InetSocketAddress standard = new InetSocketAddress(InetAddress.getLoopbackAddress(), TRAINING_UI_PORT);
        return uiAddress == null && ui ? Optional.of(standard) : Optional.ofNullable(uiAddress);
    }

    Optional<InetSocketAddress> metrics() {
        return Optional.ofNullable(metrics);
    }
}
