package io.github.skydl4j.pipeline;

import io.github.skydl4j.bert.DropoutScope;
import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.schedule.Action;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Drives one stage through a step. Confined to the stage thread, which owns the stage's graphs and arrays.
 *
 * <p>Every micro-batch in flight has a graph of its own for its activations; they share parameters and one gradient view.
 */
final class StageRunner implements AutoCloseable {
    /** Spreads seeds that differ little over all 64 bits; the multiplier of Knuth's MMIX generator. */
    private static final long SEED_FACTOR = 6364136223846793005L;

    private final StageGraph stage;
    private final StageChannels channels;
    private final Pace pace;
    private final StageWatch watch;
    private final boolean recompute;
    private final Duration stallLimit;
    private final ArrayDeque<StageGraph> idle = new ArrayDeque<>();
    private final Map<Integer, InFlight> inFlight = new HashMap<>();
    private @Nullable GradientSum sum;
    private double lossSum;
    private long forwardNanos;
    private long backwardNanos;
    private long transferNanos;
    private volatile String work = "set-up";
    private final AtomicLong progress = new AtomicLong();

    /**
     * A micro-batch between its forward and its backward.
     *
     * @param received what came in
     * @param made what went out and was made here, to be closed when the answer is there; none where it is not copied on
     *     its way, or will be made again
     * @param graph holds the activations; null when they will be recomputed
     */
    private record InFlight(
            Map<String, BoundaryTensor> received,
            Map<String, BoundaryTensor> made,
            @Nullable StageGraph graph) {}

    StageRunner(StageHost host, StageChannels channels, Lock turn, Duration stallLimit) {
        this.stage = host.stage();
        this.channels = channels;
        this.pace = new Pace(host.emulation(), turn);
        this.watch = new StageWatch(host.observer());
        this.recompute = host.recompute();
        this.stallLimit = stallLimit;
        idle.add(stage);
    }

    StageGraph stage() {
        return stage;
    }

    /** What the stage is doing, for error messages. */
    String work() {
        return work;
    }

    /** A count that grows with every piece of work; may be read by any thread. */
    long progress() {
        return progress.get();
    }

    /** Runs the actions over the micro-batches; the gradient view then holds the batch's gradient. */
    StageResult train(List<Action> actions, List<MicroBatch> batch, int iteration, int epoch) {
        reset();
        watch.stepStarted();
        double penalty = stage.calcRegularizationScore(true);
        for (Action action : actions) {
            begin(action.toString());
            MicroBatch microBatch = batch.get(action.microBatch());
            if (action.isForward()) {
                forward(microBatch, iteration, epoch);
            } else {
                backward(microBatch, batch, iteration, epoch);
            }
        }
        if (batch.size() > 1 && sum != null) {
            begin("gradient sum");
            sum.finish();
        }
        sumTiedGradients();
        return new StageResult(
                lossSum,
                penalty,
                pace.takeBusyNanos(),
                forwardNanos / batch.size(),
                backwardNanos / batch.size(),
                transferNanos == Long.MAX_VALUE ? 0 : transferNanos);
    }

    /** Applies the updater to the batch's gradient. */
    StageResult update(int totalRows, int iteration, int epoch) {
        begin("update");
        stage.setCounts(iteration, epoch);
        long start = watch.start();
        pace.run(() -> {
            stage.applyUpdate(totalRows);
            return stage;
        });
        watch.done(Activity.UPDATE, Action.Kind.BACKWARD, 0, start);
        return new StageResult(0, 0, pace.takeBusyNanos(), 0, 0);
    }

    /** Runs the micro-batches forward in inference mode and returns the network outputs of this stage for each. */
    List<Map<String, INDArray>> infer(List<MicroBatch> batch) {
        reset();
        List<Map<String, INDArray>> outputs = new ArrayList<>();
        for (MicroBatch microBatch : batch) {
            begin("inference of micro-batch " + microBatch.index());
            Map<String, BoundaryTensor> received =
                    channels.input() == null ? Map.of() : channels.input().receive(stallLimit);
            Map<String, INDArray> made = new HashMap<>();
            Map<String, BoundaryTensor> sent = pace.run(() -> stage.infer(microBatch, received, made));
            sendActivations(sent);
            outputs.add(made);
        }
        return outputs;
    }

    @Override
    public void close() {
        reset();
        if (sum != null) {
            sum.close();
            sum = null;
        }
    }

    /** Forgets what an interrupted step has left. */
    private void reset() {
        for (InFlight held : inFlight.values()) {
            if (held.graph() != null) {
                giveBack(held.graph());
            }
        }
        inFlight.clear();
        lossSum = 0;
        forwardNanos = 0;
        backwardNanos = 0;
        transferNanos = Long.MAX_VALUE;
        pace.takeBusyNanos();
    }

    private void begin(String next) {
        work = next;
        progress.incrementAndGet();
    }

    private void forward(MicroBatch microBatch, int iteration, int epoch) {
        Map<String, BoundaryTensor> received = channels.input() == null
                ? Map.of()
                : watch.receive(channels.input(), stallLimit, Action.Kind.FORWARD, microBatch.index());
        noteTransfer();
        StageGraph graph = takeGraph();
        long start = watch.start();
        Map<String, BoundaryTensor> sent = pace.run(() -> forward(graph, microBatch, received, iteration, epoch));
        watch.done(Activity.FORWARD, Action.Kind.FORWARD, microBatch.index(), start);
        forwardNanos += pace.computeNanos();
        if (recompute) {
            giveBack(graph);
            inFlight.put(microBatch.index(), new InFlight(received, Map.of(), null));
        } else {
            inFlight.put(
                    microBatch.index(),
                    new InFlight(received, isCopied(channels.output()) ? made(sent, received) : Map.of(), graph));
        }
        if (channels.output() != null) {
            start = watch.start();
            sendActivations(sent);
            watch.done(Activity.SEND, Action.Kind.FORWARD, microBatch.index(), start);
        }
    }

    /** The same for the same step and micro-batch, however often and in whatever order: random layers are seeded anew. */
    private Map<String, BoundaryTensor> forward(
            StageGraph graph, MicroBatch microBatch, Map<String, BoundaryTensor> received, int iteration, int epoch) {
        graph.setCounts(iteration, epoch);
        long seed = stage.conf().getSeed() + stage.spec().firstUnit();
        Nd4j.getRandom().setSeed(SEED_FACTOR * (SEED_FACTOR * seed + iteration) + microBatch.offset());
        DropoutScope scope = DropoutScope.open(iteration, microBatch.offset());
        try {
            return graph.forward(microBatch, received);
        } finally {
            scope.close();
        }
    }

    private void backward(MicroBatch microBatch, List<MicroBatch> batch, int iteration, int epoch) {
        Map<String, INDArray> epsilons = channels.outputGradients() == null
                ? Map.of()
                : watch.receive(channels.outputGradients(), stallLimit, Action.Kind.BACKWARD, microBatch.index());
        InFlight held = inFlight.remove(microBatch.index());
        if (held == null) {
            throw new IllegalStateException("backward of micro-batch " + microBatch.index() + " before its forward");
        }
        StageGraph graph = held.graph() == null ? takeGraph() : held.graph();
        Map<String, BoundaryTensor> made = new HashMap<>(held.made());
        long start = watch.start();
        Map<String, INDArray> passed = pace.run(() -> {
            if (held.graph() == null) {
                made.putAll(made(forward(graph, microBatch, held.received(), iteration, epoch), held.received()));
            }
            Map<String, INDArray> result = graph.backward(epsilons);
            lossSum += graph.lossSum();
            stage.setGradient(graph.gradient());
            giveBack(graph);
            add(microBatch, batch);
            return result;
        });
        watch.done(Activity.BACKWARD, Action.Kind.BACKWARD, microBatch.index(), start);
        backwardNanos += pace.computeNanos();
        closeSpent(microBatch, made, held.received(), epsilons, passed.values());
        if (channels.inputGradients() != null) {
            start = watch.start();
            channels.inputGradients().send(passed, gradientBytes(passed));
            watch.done(Activity.SEND, Action.Kind.BACKWARD, microBatch.index(), start);
        }
    }

    /** Closes what nobody needs any more: the stage after has answered, so it has what was made here. */
    private void closeSpent(
            MicroBatch microBatch,
            Map<String, BoundaryTensor> made,
            Map<String, BoundaryTensor> received,
            Map<String, INDArray> epsilons,
            Collection<INDArray> leaving) {
        SpentArrays.close(made, leaving, microBatch);
        if (isCopied(channels.input())) {
            SpentArrays.close(received, leaving, microBatch);
        }
        if (isCopied(channels.outputGradients())) {
            epsilons.values().forEach(epsilon -> SpentArrays.close(epsilon, leaving, microBatch));
        }
    }

    private static boolean isCopied(@Nullable Channel<?> channel) {
        return channel != null && channel.copies();
    }

    /** What a stage sends but for what it relays. */
    private static Map<String, BoundaryTensor> made(
            Map<String, BoundaryTensor> sent, Map<String, BoundaryTensor> received) {
        Map<String, BoundaryTensor> made = new HashMap<>(sent);
        made.keySet().removeAll(received.keySet());
        return made;
    }

    private StageGraph takeGraph() {
        return idle.isEmpty() ? stage.replica() : idle.remove();
    }

    private void giveBack(StageGraph graph) {
        graph.release();
        idle.add(graph);
    }

    private void add(MicroBatch microBatch, List<MicroBatch> batch) {
        if (batch.size() == 1 || stage.numParams() == 0) {
            return;
        }
        if (sum == null) {
            sum = new GradientSum(stage);
        }
        sum.add(microBatch.index(), microBatch.rows(), rows(batch));
    }

    /** Gives each copy of a tied parameter the sum of the gradients of both: the same two numbers added on either side. */
    private void sumTiedGradients() {
        List<INDArray> copies = stage.tiedGradients();
        if (copies.size() == 2) {
            addTiedGradient(null);
        } else if (channels.tie() == null) {
            requireNoOtherCopy(copies);
        } else {
            begin("exchange of tied gradients");
            try (INDArray other = channels.tie().exchange(copies.get(0), stallLimit)) {
                addTiedGradient(other);
            }
        }
    }

    private static void requireNoOtherCopy(List<INDArray> copies) {
        if (!copies.isEmpty()) {
            throw new IllegalStateException(
                    "this stage has one of the two copies of the word table, and no way to the other:"
                            + " they would drift apart");
        }
    }

    private void addTiedGradient(@Nullable INDArray other) {
        begin("sum of tied gradients");
        pace.run(() -> {
            stage.addTiedGradient(other);
            return stage;
        });
    }

    private void noteTransfer() {
        Transit transit = channels.input() == null ? null : channels.input().lastTransit();
        if (transit != null) {
            long nanos = transit.arrivalNanos() - transit.startNanos();
            if (nanos > 0) { // Else all of it was there before anyone looked, which says nothing of the link.
                transferNanos = Math.min(transferNanos, nanos);
            }
        }
    }

    private void sendActivations(Map<String, BoundaryTensor> tensors) {
        if (channels.output() != null) {
            long bytes =
                    tensors.values().stream().mapToLong(BoundaryTensor::bytes).sum();
            channels.output().send(tensors, bytes);
        }
    }

    private static int rows(List<MicroBatch> batch) {
        return batch.stream().mapToInt(MicroBatch::rows).sum();
    }

    private static long gradientBytes(Map<String, INDArray> epsilons) {
        return epsilons.values().stream()
                .mapToLong(epsilon -> epsilon.length() * epsilon.dataType().width())
                .sum();
    }
}
