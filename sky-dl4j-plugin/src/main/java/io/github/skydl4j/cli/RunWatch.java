package io.github.skydl4j.cli;

import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.TraceFile;
import io.github.skydl4j.monitor.metrics.PrometheusEndpoint;
import io.github.skydl4j.monitor.ui.SkyUi;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The monitor of a run and what shows it: a trace, the page, metrics. Used by one thread; where the JVM is told to end
 * before it is closed, the trace is ended so that it can be opened.
 */
final class RunWatch implements AutoCloseable {
    private final Monitor monitor = Monitor.start();
    private final Deque<Runnable> closing = new ArrayDeque<>();
    private final Thread atEnd = new Thread(monitor::close, "sky-end-of-run");

    /** Opens what the options ask for and tells where it is. */
    static RunWatch open(WatchOptions options, Narrator narrator) throws IOException {
        RunWatch watch = new RunWatch();
        Runtime.getRuntime().addShutdownHook(watch.atEnd);
        try {
            if (options.trace().isPresent()) {
                watch.trace(options.trace().get());
            }
            if (options.ui().isPresent()) {
                narrator.watch(watch.ui(options.ui().get()));
            }
            if (options.metrics().isPresent()) {
                narrator.watch(watch.metrics(options.metrics().get()));
            }
        } catch (IOException | RuntimeException | Error e) {
            watch.close();
            throw e;
        }
        return watch;
    }

    Monitor monitor() {
        return monitor;
    }

    @Override
    public void close() {
        removeHook();
        monitor.close();
        while (!closing.isEmpty()) {
            closing.pop().run();
        }
    }

    private void removeHook() {
        try {
            Runtime.getRuntime().removeShutdownHook(atEnd);
        } catch (IllegalStateException e) {
            // The JVM is ending: the hook does its work.
        }
    }

    private void trace(Path file) throws IOException {
        monitor.addListener(new TraceFile(file, monitor.runId(), TraceFile.MOST_BYTES));
    }

    private String ui(InetSocketAddress address) {
        try {
            SkyUi ui = SkyUi.show(monitor, address);
            closing.push(ui::close);
            return ui.pageAddress();
        } catch (NoClassDefFoundError e) {
            throw missing("--ui", "org.deeplearning4j:deeplearning4j-ui", e);
        } catch (IllegalStateException e) {
            throw new ConfigException("--ui: " + e.getMessage(), e);
        }
    }

    private String metrics(InetSocketAddress address) {
        try {
            PrometheusEndpoint endpoint = PrometheusEndpoint.open(monitor, address);
            closing.push(endpoint::close);
            return "http://" + endpoint.address().getHostString() + ":"
                    + endpoint.address().getPort() + "/metrics";
        } catch (NoClassDefFoundError e) {
            throw missing("--metrics", "io.micrometer:micrometer-registry-prometheus", e);
        } catch (IOException e) {
            throw new ConfigException(
                    "--metrics: nothing can listen on " + address + " (" + e.getMessage() + "): name another port", e);
        }
    }

    private static ConfigException missing(String option, String artifact, Error cause) {
        return new ConfigException(option + " needs " + artifact + " on the class path: add it to your build", cause);
    }
}
