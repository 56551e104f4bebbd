package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.GraphState;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.monitor.StageRecorder;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.pipeline.ChannelClosedException;
import io.github.skydl4j.pipeline.Emulation;
import io.github.skydl4j.pipeline.HostedStage;
import io.github.skydl4j.pipeline.MemoryGuard;
import io.github.skydl4j.pipeline.StageChannels;
import io.github.skydl4j.pipeline.StageFailedException;
import io.github.skydl4j.pipeline.StageHost;
import io.github.skydl4j.pipeline.StalledException;
import io.github.skydl4j.pipeline.TieChannels;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.transport.ChannelSpec;
import io.github.skydl4j.transport.Endpoint;
import io.github.skydl4j.transport.PeerLostException;
import io.github.skydl4j.transport.TensorForm;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The stage that a worker hosts between two regroupings: does what the coordinator orders and reports when it is done.
 * Orders come from one thread; reports leave from the stage's.
 */
final class StageDuty implements AutoCloseable {
    /** Channels of one epoch; two for every cut, and those of tied gradients in the upper half. */
    private static final long CHANNELS_PER_EPOCH = 1 << 20;

    private final Order.Host order;
    private final long epoch;
    private final HostedStage stage;
    private final StateFilling filling;
    private final Consumer<Report> reports;
    private final StateCopier copier;
    private final @Nullable StageRecorder recorder;
    private final MemoryGuard memory = new MemoryGuard();
    private final FreedMemory freed = new FreedMemory();
    private final List<MicroBatch> fed = new ArrayList<>();
    private final FetchedBatches stored;
    private @Nullable CompletableFuture<List<MicroBatch>> fetched;
    private CompletableFuture<Void> last = CompletableFuture.completedFuture(null);
    private volatile boolean isOver;

    /**
     * Builds the stage and opens its channels.
     *
     * @throws PeerLostException if a neighbour is not there
     */
    StageDuty(
            Endpoint endpoint,
            String coordinator,
            WorkerTraits traits,
            Order.Host order,
            BatchReader reader,
            Consumer<Report> reports) {
        this.stored = new FetchedBatches(reader);
        this.order = order;
        this.epoch = endpoint.epoch();
        this.reports = reports;
        StageGraph graph = order.units().build();
        this.filling = new StateFilling(GraphState.of(graph).values());
        this.recorder = order.observed() ? new StageRecorder(order.stage(), order.capacity(), () -> {}) : null;
        Emulation emulation = new Emulation(traits.slowdown(), order.dilation());
        this.stage = new HostedStage(
                order.stage(),
                new StageHost(graph, endpoint.id(), emulation, Link.INSTANT, order.recompute(), recorder),
                channels(endpoint),
                Duration.ofNanos(order.stallNanos()));
        this.copier = new StateCopier(endpoint, coordinator);
    }

    void fill(StatePart part) {
        filling.accept(part);
    }

    /** The coordinator has sent all state there is. */
    void filled() {
        if (filling.missing() != 0) {
            broken(new IllegalStateException(
                    "the state of the stage is incomplete: " + filling.missing() + " values have not come"));
        } else {
            report(new Report.Ready(WorkerMemory.inUse()));
        }
    }

    void feed(Order.Feed feed) {
        fed.addAll(feed.batch());
    }

    void fetch(Order.Fetch fetch) {
        BatchCutter cutter = new BatchCutter(fetch.inputs(), fetch.outputs());
        CompletableFuture<List<MicroBatch>> batch = stored.fetch(fetch.batch())
                .thenApply(whole -> cutter.cut(whole, fetch.microBatches()).stream()
                        .map(part -> Share.of(part, order.units().spec()))
                        .toList());
        fetched = batch;
        done(batch, parts -> {
            int rows = parts.stream().mapToInt(MicroBatch::rows).sum();
            report(new Report.Fetched(fetch.step(), rows, parts.get(0).masked()));
        });
    }

    void train(Order.Train train) {
        memory.check();
        done(
                stage.train(train.actions(), takeFed(), train.iteration(), train.epoch()),
                result -> report(new Report.Trained(train.step(), result)));
    }

    void update(Order.Update update) {
        done(stage.update(update.rows(), update.iteration(), update.epoch()), result -> {
            freed.giveBackNowAndThen();
            report(new Report.Updated(update.step(), result.busyNanos(), WorkerMemory.inUse(), diary(update.step())));
        });
    }

    void infer(Order.Infer infer) {
        done(stage.infer(takeFed()), outputs -> {
            for (int m = 0; m < outputs.size(); m++) {
                Map<String, INDArray> arrays = outputs.get(m);
                if (!arrays.isEmpty()) {
                    report(new Report.Output(infer.step(), m, arrays));
                }
            }
            report(new Report.Inferred(infer.step()));
        });
    }

    /** Copies the state on the stage's thread, between phases, and sends the copy from another. */
    void copy(Order.Copy copy) {
        done(stage.look(StateCopier::copyOf), pieces -> copier.send(copy.stream(), pieces));
    }

    void taken() {
        copier.taken();
    }

    /** Ends what is running and frees the stage; nothing is reported any more. */
    @Override
    public void close() {
        isOver = true;
        last.cancel(false);
        copier.close();
        stored.close();
        stage.close();
    }

    private StageDiary diary(long step) {
        return recorder == null ? StageDiary.EMPTY : StageDiary.drain(recorder, step);
    }

    private List<MicroBatch> takeFed() {
        List<MicroBatch> batch = new ArrayList<>(fed);
        fed.clear();
        if (fetched != null) {
            // Done: the coordinator has heard of it before it gave the order at hand.
            batch.addAll(fetched.join());
            fetched = null;
        }
        return batch;
    }

    private <T> void done(CompletableFuture<T> phase, Consumer<T> next) {
        last = phase.handle((result, failure) -> {
            if (failure != null) {
                broken(
                        failure instanceof CompletionException && failure.getCause() != null
                                ? failure.getCause()
                                : failure);
                return null;
            }
            try {
                next.accept(result);
            } catch (RuntimeException e) {
                broken(e);
            }
            return null;
        });
    }

    private void broken(Throwable failure) {
        Throwable cause = failure instanceof StageFailedException ? failure.getCause() : failure;
        boolean consequence = failure instanceof ChannelClosedException
                || cause instanceof ChannelClosedException
                || cause instanceof PeerLostException
                || cause instanceof StalledException;
        report(new Report.Broken(epoch, order.stage(), String.valueOf(failure.getMessage()), consequence));
    }

    private void report(Report report) {
        if (!isOver) {
            reports.accept(report);
        }
    }

    private StageChannels channels(Endpoint endpoint) {
        int stageNumber = order.stage();
        Channel<Map<String, BoundaryTensor>> input = null;
        Channel<Map<String, INDArray>> inputGradients = null;
        Channel<Map<String, BoundaryTensor>> output = null;
        Channel<Map<String, INDArray>> outputGradients = null;
        if (!order.before().isEmpty()) {
            input = endpoint.receiver(order.before(), spec(stageNumber - 1, 0, TensorForm.activations()));
            inputGradients = endpoint.sender(order.before(), spec(stageNumber - 1, 1, TensorForm.gradients()));
        }
        if (!order.after().isEmpty()) {
            output = endpoint.sender(order.after(), spec(stageNumber, 0, TensorForm.activations()));
            outputGradients = endpoint.receiver(order.after(), spec(stageNumber, 1, TensorForm.gradients()));
        }
        return new StageChannels(input, inputGradients, output, outputGradients, tie(endpoint));
    }

    private @Nullable TieChannels tie(Endpoint endpoint) {
        return order.tiedTo().isEmpty()
                ? null
                : new TieChannels(
                        endpoint.sender(order.tiedTo(), tieSpec(order.stage())),
                        endpoint.receiver(order.tiedTo(), tieSpec(order.tied())));
    }

    /** A channel for the tied gradient of a stage, never rounded; its number is above those of the cuts. */
    private ChannelSpec<INDArray> tieSpec(int from) {
        long number = epoch * CHANNELS_PER_EPOCH + CHANNELS_PER_EPOCH / 2 + from;
        return new ChannelSpec<>(number, 1, TensorForm.array(), WireType.EXACT);
    }

    /** A channel over the cut behind a stage. */
    private <T> ChannelSpec<T> spec(int cut, int direction, TensorForm<T> form) {
        return new ChannelSpec<>(
                epoch * CHANNELS_PER_EPOCH + 2L * cut + direction,
                order.capacity(),
                form,
                cut == order.stage() ? order.wireAfter() : order.wireBefore());
    }
}
