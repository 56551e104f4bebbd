package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.schedule.Action;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A stage on a thread of its own, driven phase by phase from outside: by a {@link Pipeline} in the same JVM, or by a
 * coordinator elsewhere.
 *
 * <p>A phase that fails closes the stage's channels. That ends its neighbours' waits, whose channels close in turn, so a
 * failure ends the phase on all stages; a future then fails with {@link StageFailedException} on the stage at fault and with
 * {@link ChannelClosedException} on the others. After a failure a stage can only be closed.
 *
 * <p>Thread-safe; phases run one after another in the order of the calls.
 */
public final class HostedStage implements AutoCloseable {
    private final int number;
    private final StageHost host;
    private final StageChannels channels;
    private final Duration stallLimit;
    private final StageRunner runner;
    private final ThreadPoolExecutor thread;

    /**
     * Starts the thread.
     *
     * @param number of the stage in its pipeline, from 0
     * @param stallLimit longest wait for a neighbour's message
     */
    public HostedStage(int number, StageHost host, StageChannels channels, Duration stallLimit) {
        this(number, host, channels, new ReentrantLock(), stallLimit);
    }

    /**
     * Starts the thread of a stage whose worker has others.
     *
     * @param turn held by one stage of the worker at a time while it is at work
     */
    HostedStage(int number, StageHost host, StageChannels channels, Lock turn, Duration stallLimit) {
        this.number = number;
        this.host = host;
        this.channels = channels;
        this.stallLimit = stallLimit;
        this.runner = new StageRunner(host, channels, turn, stallLimit);
        this.thread = new ThreadPoolExecutor(1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(4), work -> {
            Thread made = new Thread(work, "sky-stage-" + number);
            made.setDaemon(true);
            return made;
        });
    }

    /** Runs the actions over the micro-batches; no parameter changes. */
    public CompletableFuture<StageResult> train(
            List<Action> actions, List<MicroBatch> batch, int iteration, int epoch) {
        return start(() -> runner.train(actions, batch, iteration, epoch));
    }

    /** Applies the updater to the gradient of the batch that was trained last. */
    public CompletableFuture<StageResult> update(int rows, int iteration, int epoch) {
        return start(() -> runner.update(rows, iteration, epoch));
    }

    /** Runs the micro-batches forward in inference mode; gives the network outputs of this stage for each. */
    public CompletableFuture<List<Map<String, INDArray>>> infer(List<MicroBatch> batch) {
        return start(() -> runner.infer(batch));
    }

    /** Looks at the stage on its own thread, between phases. */
    public <T> CompletableFuture<T> look(Function<StageGraph, T> work) {
        return start(() -> work.apply(runner.stage()));
    }

    /** The stage's graph. Touch it only while no phase is running. */
    public StageGraph graph() {
        return runner.stage();
    }

    /** Who plays the stage. */
    public String worker() {
        return host.worker();
    }

    /** What the stage is doing, for messages. */
    public String work() {
        return runner.work();
    }

    /** A count that grows with every piece of work. */
    public long progress() {
        return runner.progress();
    }

    /** Ends the phase that is running, as soon as the piece of work at hand is done. */
    public void abandon() {
        channels.close();
    }

    /**
     * Abandons, ends the thread and frees what the stage holds beside its parameters.
     *
     * @throws StalledException if the piece of work at hand is not done within the stall limit
     */
    @Override
    public void close() {
        abandon();
        thread.shutdownNow();
        try {
            if (!thread.awaitTermination(stallLimit.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new StalledException("the thread of stage " + number + " to end", stallLimit);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        runner.close();
    }

    private <T> CompletableFuture<T> start(Supplier<T> phase) {
        return CompletableFuture.supplyAsync(
                () -> {
                    try {
                        return phase.get();
                    } catch (ChannelClosedException e) {
                        channels.close();
                        throw e;
                    } catch (RuntimeException | Error e) {
                        channels.close();
                        throw new StageFailedException(number, host.worker(), runner.work(), e);
                    }
                },
                thread);
    }
}
