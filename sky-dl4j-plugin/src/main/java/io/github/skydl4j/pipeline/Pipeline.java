package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.schedule.Schedule;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The stages of one network in one JVM, a thread each, joined by channels.
 *
 * <p>A step has two phases: all forwards and backwards of all micro-batches, then the update of every stage. A failure in
 * the first phase, where nearly all work is, therefore leaves the parameters of the last finished step.
 *
 * <p>Used by one thread at a time. After a failure the pipeline can only be closed.
 */
public final class Pipeline implements AutoCloseable {
    private final List<StageHost> hosts;
    private final List<StageRunner> runners = new ArrayList<>();
    private final List<ThreadPoolExecutor> threads = new ArrayList<>();
    private final List<Channel<?>> channels = new ArrayList<>();
    private final Duration stallLimit;
    private final MemoryGuard memory = new MemoryGuard();
    private @Nullable RuntimeException failure;

    /**
     * Starts a thread for every stage.
     *
     * @param maxMicroBatches most micro-batches in one step
     * @param stallLimit longest wait for a neighbour's message, and for a step beyond it
     */
    public Pipeline(List<StageHost> hosts, int maxMicroBatches, Duration stallLimit) {
        this.hosts = List.copyOf(hosts);
        this.stallLimit = stallLimit;
        connect(maxMicroBatches);
        for (int s = 0; s < hosts.size(); s++) {
            threads.add(thread(s));
        }
    }

    /** The stage graphs, first to last. Touch them only between steps. */
    public List<StageGraph> stages() {
        return runners.stream().map(StageRunner::stage).toList();
    }

    /**
     * Runs a batch through all stages and updates their parameters.
     *
     * @param beforeUpdate called on this thread when all gradients are complete and no parameter has changed yet
     * @throws StageFailedException if a stage fails; all stages are stopped then
     */
    public StepResult train(
            List<MicroBatch> batch, Schedule schedule, int iteration, int epoch, Runnable beforeUpdate) {
        if (schedule.stageCount() != runners.size() || schedule.microBatches() != batch.size()) {
            throw new IllegalArgumentException("a schedule of " + schedule.stageCount() + " stages and "
                    + schedule.microBatches() + " micro-batches does not fit " + runners.size() + " stages and "
                    + batch.size() + " micro-batches");
        }
        memory.check();
        int rows = batch.stream().mapToInt(MicroBatch::rows).sum();
        long start = System.nanoTime();
        List<StageResult> done = onAll(s -> runners.get(s).train(schedule.stage(s), batch, iteration, epoch));
        long paused = System.nanoTime();
        beforeUpdate.run();
        paused = System.nanoTime() - paused;
        List<StageResult> updated = onAll(s -> runners.get(s).update(rows, iteration, epoch));
        long nanos = System.nanoTime() - start - paused;
        List<StageStep> steps = new ArrayList<>();
        for (int s = 0; s < done.size(); s++) {
            StageResult result = done.get(s);
            long busy = result.busyNanos() + updated.get(s).busyNanos();
            steps.add(new StageStep(busy, result.forwardNanos(), result.backwardNanos(), result.transferNanos()));
        }
        return new StepResult(score(done, rows), rows, nanos, steps);
    }

    /** Runs a batch forward in inference mode; returns the network outputs of every micro-batch, by name. */
    public List<Map<String, INDArray>> infer(List<MicroBatch> batch) {
        List<Map<String, INDArray>> merged = new ArrayList<>();
        batch.forEach(microBatch -> merged.add(new HashMap<>()));
        for (List<Map<String, INDArray>> outputs : onAll(s -> runners.get(s).infer(batch))) {
            for (int m = 0; m < merged.size(); m++) {
                merged.get(m).putAll(outputs.get(m));
            }
        }
        return merged;
    }

    /** Stops the threads and drops everything under way. The stages' parameters stay. */
    @Override
    public void close() {
        channels.forEach(Channel::close);
        threads.forEach(ThreadPoolExecutor::shutdownNow);
        for (int s = 0; s < threads.size(); s++) {
            awaitEnd(s);
        }
        runners.forEach(StageRunner::close);
    }

    private void awaitEnd(int stage) {
        try {
            if (!threads.get(stage).awaitTermination(stallLimit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StalledException("the thread of stage " + stage + " to end", stallLimit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void connect(int maxMicroBatches) {
        Channel<Map<String, BoundaryTensor>> input = null;
        Channel<Map<String, INDArray>> inputGradients = null;
        for (int s = 0; s < hosts.size(); s++) {
            StageHost host = hosts.get(s);
            boolean last = s == hosts.size() - 1;
            Channel<Map<String, BoundaryTensor>> output =
                    last ? null : channel("the activations of stage " + s, host, maxMicroBatches);
            Channel<Map<String, INDArray>> outputGradients =
                    last ? null : channel("the gradients of stage " + (s + 1), host, maxMicroBatches);
            StageChannels ends = new StageChannels(input, inputGradients, output, outputGradients);
            runners.add(new StageRunner(host, ends, stallLimit));
            input = output;
            inputGradients = outputGradients;
        }
    }

    private <T> Channel<T> channel(String name, StageHost host, int capacity) {
        Channel<T> channel = new InProcessChannel<>(
                name, capacity, host.link(), host.emulation().dilation());
        channels.add(channel);
        return channel;
    }

    private static ThreadPoolExecutor thread(int stage) {
        return new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(2), work -> {
            Thread thread = new Thread(work, "sky-stage-" + stage);
            thread.setDaemon(true);
            return thread;
        });
    }

    private double score(List<StageResult> results, int rows) {
        double loss = results.stream().mapToDouble(StageResult::lossSum).sum();
        double penalty = results.stream().mapToDouble(StageResult::penalty).sum();
        boolean averaged = runners.get(0).stage().conf().isMiniBatch();
        return (averaged ? loss / rows : loss) + penalty;
    }

    /** Runs the same work on every stage's thread and waits for all. */
    private <T> List<T> onAll(Function<Integer, T> work) {
        if (failure != null) {
            throw new IllegalStateException("the pipeline has failed before: close it and make a new one", failure);
        }
        List<Future<T>> futures = new ArrayList<>();
        for (int s = 0; s < runners.size(); s++) {
            int stage = s;
            futures.add(threads.get(s).submit(guarded(stage, () -> work.apply(stage))));
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
                channels.forEach(Channel::close);
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
            long now = runners.stream().mapToLong(StageRunner::progress).sum();
            if (now == before) {
                channels.forEach(Channel::close);
                throw fail(new StalledException(
                        "stage " + stage + " on worker " + hosts.get(stage).worker() + " to finish "
                                + runners.get(stage).work(),
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

    /** Any failure closes all channels, which ends the other stages; theirs are consequences, not causes. */
    private <T> Callable<T> guarded(int stage, Callable<T> work) {
        return () -> {
            try {
                return work.call();
            } catch (ChannelClosedException e) {
                throw e;
            } catch (Exception | Error e) {
                channels.forEach(Channel::close);
                String doing = runners.get(stage).work();
                throw new StageFailedException(stage, hosts.get(stage).worker(), doing, e);
            }
        };
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
