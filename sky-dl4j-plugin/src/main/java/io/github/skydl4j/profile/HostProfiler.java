package io.github.skydl4j.profile;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.plan.Host;
import io.github.skydl4j.plan.Link;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Measures this machine as the one that plays all workers of an emulated cluster. Immutable. */
public final class HostProfiler {
    private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

    private final Duration measuring;

    /** Creates a profiler that measures for so much time with one core at work, and again with all. */
    public HostProfiler(Duration measuring) {
        this.measuring = measuring;
    }

    /**
     * Measures with a run of the model's own units that holds each kind; the JVM should be warm.
     *
     * @param sample a micro-batch as training will have them, with labels
     */
    public Host measure(ComputationGraph network, MicroBatch sample) {
        int cores = Runtime.getRuntime().availableProcessors();
        Link handOver = new LinkProfiler(measuring)
                .measureHere(
                        Channel.inProcess("the hand-over there", 1, Link.INSTANT, 1),
                        Channel.inProcess("the hand-over back", 1, Link.INSTANT, 1));
        return new Host(cores, cores == 1 ? 1 : crowding(network, sample, cores), handOver.latencyNanos());
    }

    private double crowding(ComputationGraph network, MicroBatch sample, int cores) {
        long alone = passNanos(rehearsal(network, sample));
        AtomicBoolean stop = new AtomicBoolean();
        List<CompletableFuture<Void>> others = new ArrayList<>();
        for (int other = 1; other < cores; other++) {
            others.add(keepBusy(rehearsal(network, sample), stop));
        }
        long crowded = passNanos(rehearsal(network, sample));
        stop.set(true);
        others.forEach(HostProfiler::await);
        return Math.max(1, (double) crowded / alone);
    }

    private long passNanos(Rehearsal rehearsal) {
        UnitTimes times = new UnitTimes(rehearsal.stage().spec().units());
        rehearsal.stage().observe(times);
        UnitProfiler.repeat(rehearsal, times, measuring.dividedBy(2));
        times.forget();
        UnitProfiler.repeat(rehearsal, times, measuring.dividedBy(2));
        return times.passNanos();
    }

    /** The first units, as many as there are of different kinds and once more: a stage's worth of work. */
    private static Rehearsal rehearsal(ComputationGraph network, MicroBatch sample) {
        GraphSplitter splitter = new GraphSplitter(network);
        UnitIdentity identities = new UnitIdentity(network, UnitOutputs.of(splitter, sample));
        int end = MeasuredRuns.of(splitter.units().stream().map(identities::of).toList())
                .runs()
                .get(0)
                .end();
        return new Rehearsal(splitter.stage(0, end, Storage.COPIED), sample, Map.of());
    }

    private static CompletableFuture<Void> keepBusy(Rehearsal rehearsal, AtomicBoolean stop) {
        CompletableFuture<Void> ended = new CompletableFuture<>();
        Thread thread = new Thread(() -> work(rehearsal, stop, ended), "sky-profile-crowd");
        thread.setDaemon(true);
        thread.start();
        return ended;
    }

    private static void work(Rehearsal rehearsal, AtomicBoolean stop, CompletableFuture<Void> ended) {
        try {
            UnitTimes ignored = new UnitTimes(rehearsal.stage().spec().units());
            rehearsal.stage().observe(ignored);
            while (!stop.get()) {
                rehearsal.pass(ignored);
                ignored.forget();
            }
            ended.complete(null);
        } catch (RuntimeException e) {
            ended.completeExceptionally(e);
        }
    }

    private static void await(CompletableFuture<Void> thread) {
        try {
            thread.get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("a thread that only kept a core at work did not end", e);
        }
    }
}
