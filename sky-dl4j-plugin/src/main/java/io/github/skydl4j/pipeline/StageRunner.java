package io.github.skydl4j.pipeline;

import io.github.skydl4j.bert.DropoutScope;
import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.schedule.Action;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
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
     * @param received what came in, kept to recompute
     * @param graph holds the activations; null when they will be recomputed
     */
    private record InFlight(
            Map<String, BoundaryTensor> received, @Nullable StageGraph graph) {}

    StageRunner(StageHost host, StageChannels channels, Duration stallLimit) {
        this.stage = host.stage();
        this.channels = channels;
        this.pace = new Pace(host.emulation());
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
        pace.run(() -> {
            stage.applyUpdate(totalRows);
            return stage;
        });
        return new StageResult(0, 0, pace.takeBusyNanos(), 0, 0, 0);
    }

    /** Runs the micro-batches forward in inference mode and returns the network outputs of this stage for each. */
    List<Map<String, INDArray>> infer(List<MicroBatch> batch) {
        reset();
        List<Map<String, INDArray>> outputs = new ArrayList<>();
        for (MicroBatch microBatch : batch) {
            begin("inference of micro-batch " + microBatch.index());
            Map<String, BoundaryTensor> received = receiveActivations();
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
        Map<String, BoundaryTensor> received = receiveActivations();
        noteTransfer();
        StageGraph graph = takeGraph();
        Map<String, BoundaryTensor> sent = pace.run(() -> forward(graph, microBatch, received, iteration, epoch));
        forwardNanos += pace.computeNanos();
        if (recompute) {
            giveBack(graph);
            inFlight.put(microBatch.index(), new InFlight(received, null));
        } else {
            inFlight.put(microBatch.index(), new InFlight(Map.of(), graph));
        }
        sendActivations(sent);
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
                : channels.outputGradients().receive(stallLimit);
        InFlight held = inFlight.remove(microBatch.index());
        if (held == null) {
            throw new IllegalStateException("backward of micro-batch " + microBatch.index() + " before its forward");
        }
        StageGraph graph = held.graph() == null ? takeGraph() : held.graph();
        Map<String, INDArray> passed = pace.run(() -> {
            if (held.graph() == null) {
                forward(graph, microBatch, held.received(), iteration, epoch);
            }
            Map<String, INDArray> result = graph.backward(epsilons);
            lossSum += graph.lossSum();
            stage.setGradient(graph.gradient());
            giveBack(graph);
            add(microBatch, batch);
            return result;
        });
        backwardNanos += pace.computeNanos();
        if (channels.inputGradients() != null) {
            channels.inputGradients().send(passed, gradientBytes(passed));
        }
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

    private Map<String, BoundaryTensor> receiveActivations() {
        return channels.input() == null ? Map.of() : channels.input().receive(stallLimit);
    }

    private void noteTransfer() {
        Transit transit = channels.input() == null ? null : channels.input().lastTransit();
        if (transit != null) {
            transferNanos = Math.min(transferNanos, transit.arrivalNanos() - transit.startNanos());
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
