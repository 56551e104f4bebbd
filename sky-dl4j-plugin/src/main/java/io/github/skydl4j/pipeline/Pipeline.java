package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The stages of one network in one JVM, a thread each, joined by channels. Stages on one worker take turns.
 *
 * <p>A step has two phases: all forwards and backwards of all micro-batches, then the update of every stage. A failure in
 * the first phase, where nearly all work is, therefore leaves the parameters of the last finished step.
 *
 * <p>Used by one thread at a time. After a failure the pipeline can only be closed.
 */
public final class Pipeline implements AutoCloseable {
    private final List<HostedStage> stages = new ArrayList<>();
    private final Duration stallLimit;
    private final ChannelMaker channels;
    private final MemoryGuard memory = new MemoryGuard();
    private @Nullable RuntimeException failure;

    /**
     * Starts a thread for every stage.
     *
     * @param maxMicroBatches most micro-batches in one step
     * @param stallLimit longest wait for a neighbour's message, and for a step beyond it
     */
    public Pipeline(List<StageHost> hosts, int maxMicroBatches, Duration stallLimit) {
        this(hosts, maxMicroBatches, stallLimit, Pipeline::channel);
    }

    /** For stages that are joined by other channels. */
    Pipeline(List<StageHost> hosts, int maxMicroBatches, Duration stallLimit, ChannelMaker channels) {
        this.stallLimit = stallLimit;
        this.channels = channels;
        connect(hosts, maxMicroBatches);
    }

    /** The stage graphs, first to last. Touch them only between steps. */
    public List<StageGraph> stages() {
        return stages.stream().map(HostedStage::graph).toList();
    }

    /**
     * Runs a batch through all stages and updates their parameters.
     *
     * @param beforeUpdate called on this thread when all gradients are complete and no parameter has changed yet
     * @throws StageFailedException if a stage fails; all stages are stopped then
     */
    public StepResult train(
            List<MicroBatch> batch, Schedule schedule, int iteration, int epoch, Runnable beforeUpdate) {
        if (schedule.stageCount() != stages.size() || schedule.microBatches() != batch.size()) {
            throw new IllegalArgumentException("a schedule of " + schedule.stageCount() + " stages and "
                    + schedule.microBatches() + " micro-batches does not fit " + stages.size() + " stages and "
                    + batch.size() + " micro-batches");
        }
        memory.check();
        int rows = batch.stream().mapToInt(MicroBatch::rows).sum();
        long start = System.nanoTime();
        List<StageResult> done = onAll(s -> stages.get(s).train(schedule.stage(s), batch, iteration, epoch));
        long paused = System.nanoTime();
        beforeUpdate.run();
        paused = System.nanoTime() - paused;
        List<StageResult> updated = onAll(s -> stages.get(s).update(rows, iteration, epoch));
        long nanos = System.nanoTime() - start - paused;
        List<Long> updateNanos = updated.stream().map(StageResult::busyNanos).toList();
        boolean averaged = stages.get(0).graph().conf().isMiniBatch();
        return StepResult.of(done, updateNanos, rows, averaged, nanos);
    }

    /** Runs a batch forward in inference mode; returns the network outputs of every micro-batch, by name. */
    public List<Map<String, INDArray>> infer(List<MicroBatch> batch) {
        List<Map<String, INDArray>> merged = new ArrayList<>();
        batch.forEach(microBatch -> merged.add(new HashMap<>()));
        for (List<Map<String, INDArray>> outputs : onAll(s -> stages.get(s).infer(batch))) {
            for (int m = 0; m < merged.size(); m++) {
                merged.get(m).putAll(outputs.get(m));
            }
        }
        return merged;
    }

    /** Stops the threads and drops everything under way. The stages' parameters stay. */
    @Override
    public void close() {
        stages.forEach(HostedStage::abandon);
        stages.forEach(HostedStage::close);
    }

    /** Makes a channel over the link of its sender. */
    interface ChannelMaker {
        <T> Channel<T> make(String name, StageHost host, int capacity);
    }

    private void connect(List<StageHost> hosts, int maxMicroBatches) {
        Map<Integer, TieChannels> ties = ties(hosts);
        Map<String, Lock> turns = new HashMap<>();
        Channel<Map<String, BoundaryTensor>> input = null;
        Channel<Map<String, INDArray>> inputGradients = null;
        for (int s = 0; s < hosts.size(); s++) {
            StageHost host = hosts.get(s);
            boolean last = s == hosts.size() - 1;
            WireType wire = host.link().wire();
            Channel<Map<String, BoundaryTensor>> output = last
                    ? null
                    : RoundingChannel.ofActivations(
                            channels.make("the activations of stage " + s, host, maxMicroBatches), wire);
            Channel<Map<String, INDArray>> outputGradients = last
                    ? null
                    : RoundingChannel.ofGradients(
                            channels.make("the gradients of stage " + (s + 1), host, maxMicroBatches), wire);
            StageChannels ends = new StageChannels(input, inputGradients, output, outputGradients, ties.get(s));
            Lock turn = turns.computeIfAbsent(host.worker(), unseen -> new ReentrantLock(true));
            stages.add(new HostedStage(s, host, ends, turn, stallLimit));
            input = output;
            inputGradients = outputGradients;
        }
    }

    static <T> Channel<T> channel(String name, StageHost host, int capacity) {
        return Channel.inProcess(name, capacity, host.link(), host.emulation().dilation());
    }

    /** Joins the two stages that hold a copy each of a tied parameter, over the slowest link on the way, if there is one; never rounded. */
    private static Map<Integer, TieChannels> ties(List<StageHost> hosts) {
        List<Integer> holders = new ArrayList<>();
        for (int s = 0; s < hosts.size(); s++) {
            if (hosts.get(s).stage().tiedGradients().size() == 1) {
                holders.add(s);
            }
        }
        if (holders.size() != 2) {
            return Map.of();
        }
        int first = holders.get(0);
        int second = holders.get(1);
        boolean together = hosts.get(first).worker().equals(hosts.get(second).worker());
        Link link = together ? Link.INSTANT : hosts.get(first).link();
        for (int s = first + 1; s < second && !together; s++) {
            link = link.slowerOf(hosts.get(s).link());
        }
        double dilation = hosts.get(first).emulation().dilation();
        Channel<INDArray> there = Channel.inProcess("the tied gradient of stage " + first, 1, link, dilation);
        Channel<INDArray> back = Channel.inProcess("the tied gradient of stage " + second, 1, link, dilation);
        return Map.of(first, new TieChannels(there, back), second, new TieChannels(back, there));
    }

    /** Runs the same work on every stage's thread and waits for all. */
    private <T> List<T> onAll(Function<Integer, Future<T>> work) {
        if (failure != null) {
            throw new IllegalStateException("the pipeline has failed before: close it and make a new one", failure);
        }
        List<Future<T>> futures = new ArrayList<>();
        for (int s = 0; s < stages.size(); s++) {
            futures.add(work.apply(s));
        }
        List<T> results = new ArrayList<>();
        Throwable first = null;
        for (int s = 0; s < futures.size(); s++) {
            try {
                results.add(await(futures.get(s), s));
            } catch (ExecutionException e) {
                first = firstCause(first, Objects.requireNonNullElse(e.getCause(), e));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                stages.forEach(HostedStage::abandon);
                throw fail(new IllegalStateException("interrupted while the stages were at work", e));
            }
        }
        if (first != null) {
            throw fail(first instanceof RuntimeException runtime ? runtime : new IllegalStateException(first));
        }
        return results;
    }

    /** Waits as long as any stage makes progress. */
    private <T> T await(Future<T> future, int stage) throws InterruptedException, ExecutionException {
        long before = -1;
        while (true) {
            long now = stages.stream().mapToLong(HostedStage::progress).sum();
            if (now == before) {
                stages.forEach(HostedStage::abandon);
                throw fail(new StalledException(
                        "stage " + stage + " on worker " + stages.get(stage).worker() + " to finish "
                                + stages.get(stage).work(),
                        stallLimit));
            }
            try {
                return future.get(stallLimit.toNanos(), TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                before = now;
            }
        }
    }

    private RuntimeException fail(RuntimeException cause) {
        failure = cause;
        return cause;
    }

    private static Throwable firstCause(@Nullable Throwable known, Throwable next) {
        if (known == null || known instanceof ChannelClosedException) {
            return next;
        }
        if (!(next instanceof ChannelClosedException)) {
            known.addSuppressed(next);
        }
        return known;
    }
}
