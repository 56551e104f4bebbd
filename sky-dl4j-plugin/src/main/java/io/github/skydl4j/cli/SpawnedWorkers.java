package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.cluster.HostPort;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * Worker processes on this machine: started with this JVM's own class path and flags, started again when they die, and ended
 * with this. A worker also ends by itself when this process is gone. Thread-safe.
 */
final class SpawnedWorkers implements AutoCloseable {
    private static final int MOST_RESTARTS = 20;
    private static final int SHARE_OF_MEMORY = 60;
    /** In time a worker touches all of its young generation, whatever its stage; so it is small. */
    private static final int YOUNG_MIB = 64;

    private static final long END_LIMIT_SECONDS = 10;

    private final List<Worker> workers;
    private final Path folder;
    private final InetSocketAddress coordinator;
    private final Path key;
    private final double packetLoss;
    private final Map<String, Process> processes = new HashMap<>();
    private final Map<String, Integer> starts = new HashMap<>();
    private final Map<String, CompletableFuture<Void>> watches = new HashMap<>();
    private boolean closed;

    /**
     * Starts the workers.
     *
     * @param folder for their logs
     */
    SpawnedWorkers(List<Worker> workers, Path folder, InetSocketAddress coordinator, Path key, double packetLoss) {
        this.workers = List.copyOf(workers);
        this.folder = folder;
        this.coordinator = coordinator;
        this.key = key;
        this.packetLoss = packetLoss;
        workers.forEach(this::start);
    }

    /** The workers of a configuration for so many processes; beyond those named there, ordinary ones. */
    static List<Worker> some(List<Worker> configured, int number) {
        List<Worker> some = new ArrayList<>(configured.subList(0, Math.min(number, configured.size())));
        for (int w = some.size(); w < number; w++) {
            some.add(Worker.named("spawned-" + w));
        }
        return some;
    }

    /** Where a worker's log is. */
    Path log(String worker) {
        return folder.resolve("worker-" + worker.replaceAll("[^A-Za-z0-9._-]", "_") + ".log");
    }

    /** Waits for the workers, which have been released, and ends those who stay. */
    @Override
    public void close() {
        List<Process> left;
        synchronized (this) {
            closed = true;
            left = List.copyOf(processes.values());
        }
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(END_LIMIT_SECONDS);
        for (Process process : left) {
            try {
                if (!process.waitFor(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS)) {
                    process.destroyForcibly();
                }
            } catch (InterruptedException e) {
                process.destroyForcibly();
                Thread.currentThread().interrupt();
            }
        }
    }

    private synchronized void start(Worker worker) {
        int number = starts.merge(worker.name(), 1, Integer::sum);
        if (closed || number > MOST_RESTARTS) {
            return;
        }
        try {
            Process process = builder(worker).start();
            processes.put(worker.name(), process);
            watches.put(worker.name(), process.onExit().thenAccept(ended -> {
                if (ended.exitValue() != 0) {
                    start(worker);
                }
            }));
        } catch (IOException e) {
            throw new UncheckedIOException("worker " + worker.name() + " cannot be started", e);
        }
    }

    private ProcessBuilder builder(Worker worker) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(flags());
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), Sky.class.getName()));
        command.addAll(List.of("worker", "--join", HostPort.text(coordinator), "--key", key.toString()));
        command.addAll(List.of("--name", worker.name(), "--slowdown", String.valueOf(worker.slowdown())));
        command.addAll(
                List.of("--parent", String.valueOf(ProcessHandle.current().pid())));
        if (worker.memoryBytes() < Long.MAX_VALUE) {
            command.addAll(List.of("--memory", worker.memoryBytes() + " b"));
        }
        if (packetLoss > 0) {
            command.addAll(List.of("--packet-loss", String.valueOf(packetLoss)));
        }
        File log = log(worker.name()).toFile();
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(log))
                .redirectInput(new File("/dev/null"));
        int cores = Runtime.getRuntime().availableProcessors();
        builder.environment().put("OMP_NUM_THREADS", String.valueOf(Math.max(1, cores / workers.size())));
        return builder;
    }

    /** This JVM's flags, but for those about memory: the workers share it. */
    private List<String> flags() {
        List<String> flags = new ArrayList<>();
        for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            boolean isAboutMemory = flag.startsWith("-Xm") || flag.contains("RAMPercentage") || flag.endsWith("GC");
            if (!isAboutMemory && !flag.startsWith("-agentlib") && !flag.startsWith("-javaagent")) {
                flags.add(flag);
            }
        }
        flags.add("-XX:+UseSerialGC");
        flags.add("-Xmn" + YOUNG_MIB + "m");
        flags.add("-XX:MaxRAMPercentage=" + Math.max(2, SHARE_OF_MEMORY / workers.size()));
        return flags;
    }
}
