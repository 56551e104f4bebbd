package io.github.skydl4j.cli;

import io.github.skydl4j.cluster.BatchReader;
import io.github.skydl4j.cluster.HostPort;
import io.github.skydl4j.cluster.RemoteWorker;
import io.github.skydl4j.cluster.WorkerTraits;
import io.github.skydl4j.transport.KeyFile;
import io.github.skydl4j.transport.LastWords;
import io.github.skydl4j.transport.SharedKey;
import java.io.PrintStream;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code sky worker}. Told to end (SIGTERM), it hands its stage over first. */
@Command(name = "worker", description = "Join a coordinator and host a stage of what it trains.", sortOptions = false)
final class WorkerCommand implements Callable<Integer> {
    private static final long HAND_OVER_SECONDS = 60;

    @Option(names = "--join", required = true, paramLabel = "HOST:PORT", description = "Where the coordinator listens.")
    private String join = "";

    @Option(names = "--key", paramLabel = "FILE", description = "The run's key; \"./sky key new FILE\" makes one.")
    private @Nullable Path key;

    @Option(names = "--name", paramLabel = "NAME", description = "Shown in plans and reports; its process by default.")
    private String name = "worker-" + ProcessHandle.current().pid();

    @Option(
            names = "--memory",
            paramLabel = "SIZE",
            description = "What may be put on this worker, such as \"4 GiB\"; as much as Java may take by default.")
    private @Nullable String memory;

    @Option(
            names = "--slowdown",
            paramLabel = "N",
            description = "Play a slower machine: 3 idles three times as long as it computes.")
    private double slowdown;

    @Option(
            names = "--device",
            paramLabel = "cpu|gpu",
            description = "Refuse to start on another than this; whatever the build has by default.")
    private @Nullable String device;

    @Option(
            names = "--patience",
            paramLabel = "TIME",
            description = "How long to look for the coordinator, \"2 min\" by default.")
    private String patience = "2 min";

    @Option(names = "--packet-loss", hidden = true)
    private double packetLoss;

    @Option(names = "--parent", hidden = true)
    private long parent;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help message and exit.")
    @SuppressWarnings("unused") // picocli looks at it
    private boolean help;

    private final PrintStream out;

    WorkerCommand(PrintStream out) {
        this.out = out;
    }

    @Override
    public Integer call() {
        RemoteWorker worker = new RemoteWorker(
                name,
                address(),
                key == null ? SharedKey.none() : KeyFile.read(key),
                packetLoss,
                traits(BackEnd.require(device)),
                BatchReader.none(),
                Duration.ofNanos((long) quantity("--patience", Quantity.TIME, patience)),
                line -> out.println("worker " + name + ": " + line));
        CountDownLatch ended = new CountDownLatch(1);
        Runnable handOver = () -> handOver(worker, ended);
        LastWords.add(handOver);
        CompletableFuture<Void> orphaned = parentGone().thenRun(worker::abandon);
        try {
            worker.run();
            return 0;
        } finally {
            ended.countDown();
            orphaned.cancel(false);
            LastWords.remove(handOver);
        }
    }

    private static void handOver(RemoteWorker worker, CountDownLatch ended) {
        worker.leave();
        try {
            if (!ended.await(HAND_OVER_SECONDS, TimeUnit.SECONDS)) {
                Thread.currentThread().interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Is done when the process that has started this one is gone, without which it is of no use. */
    private CompletableFuture<?> parentGone() {
        if (parent == 0) {
            return new CompletableFuture<>();
        }
        return ProcessHandle.of(parent)
                .<CompletableFuture<?>>map(ProcessHandle::onExit)
                .orElseGet(() -> CompletableFuture.completedFuture(null));
    }

    private InetSocketAddress address() {
        try {
            return HostPort.parse(join);
        } catch (IllegalArgumentException e) {
            throw new ConfigException("--join: " + e.getMessage(), e);
        }
    }

    private WorkerTraits traits(BackEnd backEnd) {
        if (!(slowdown >= 0) || Double.isInfinite(slowdown)) {
            throw new ConfigException("--slowdown: found " + slowdown + ", expected a number, at least 0");
        }
        long bytes = memory == null ? Long.MAX_VALUE : (long) quantity("--memory", Quantity.SIZE, memory);
        if (bytes <= 0) {
            throw new ConfigException("--memory: found 0, expected more");
        }
        return new WorkerTraits(Runtime.getRuntime().availableProcessors(), bytes, backEnd.text(), slowdown);
    }

    private static double quantity(String option, Quantity quantity, String text) {
        try {
            return quantity.parse(text);
        } catch (IllegalArgumentException e) {
            throw new ConfigException(option + ": found \"" + text + "\", expected " + quantity.description(), e);
        }
    }
}
