package io.github.skydl4j.pipeline;

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

/**
 * Drives one stage through a step. Confined to the stage thread, which owns the stage's graphs and arrays.
 *
 * <p>Every micro-batch in flight has a graph of its own for its activations; they share parameters and one gradient view.
 */
final class StageRunner implements AutoCloseable {
    private final StageGraph stage;
    private final StageChannels channels;
    private final Pace pace;
    private final Duration stallLimit;
    private final ArrayDeque<StageGraph> idle = new ArrayDeque<>();
    private final Map<Integer, StageGraph> inFlight = new HashMap<>();
    private @Nullable GradientSum sum;
    private double lossSum;
    private volatile String work = "set-up";
    private final AtomicLong progress = new AtomicLong();

    StageRunner(StageGraph stage, StageChannels channels, Emulation emulation, Duration stallLimit) {
        this.stage = stage;
        this.channels = channels;
        this.pace = new Pace(emulation);
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

    private void begin(String next) {
        work = next;
        progress.incrementAndGet();
    }

    /** Runs the actions over the micro-batches; the gradient view then holds the batch's gradient. */
    StageResult train(List<Action> actions, List<MicroBatch> batch, int iteration, int epoch) {
        reset();
        int totalRows = batch.stream().mapToInt(MicroBatch::rows).sum();
        double penalty = stage.calcRegularizationScore(true);
        for (Action action : actions) {
            begin(action.toString());
            MicroBatch microBatch = batch.get(action.microBatch());
            if (action.isForward()) {
                forward(microBatch, iteration, epoch);
            } else {
                backward(microBatch, batch.size(), totalRows);
            }
        }
        if (batch.size() > 1 && sum != null) {
            begin("gradient sum");
            sum.finish();
        }
        return new StageResult(lossSum, penalty, pace.takeBusyNanos());
    }

    /** Applies the updater to the batch's gradient. */
    StageResult update(int totalRows, int iteration, int epoch) {
        begin("update");
        stage.setCounts(iteration, epoch);
        pace.run(() -> {
            stage.applyUpdate(totalRows);
            return stage;
        });
        return new StageResult(0, 0, pace.takeBusyNanos());
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
        inFlight.values().forEach(graph -> {
            graph.release();
            idle.add(graph);
        });
        inFlight.clear();
        lossSum = 0;
        pace.takeBusyNanos();
    }

    private void forward(MicroBatch microBatch, int iteration, int epoch) {
        Map<String, BoundaryTensor> received = receiveActivations();
        StageGraph graph = idle.isEmpty() ? stage.replica() : idle.remove();
        graph.setCounts(iteration, epoch);
        inFlight.put(microBatch.index(), graph);
        Map<String, BoundaryTensor> sent = pace.run(() -> graph.forward(microBatch, received));
        sendActivations(sent);
    }

    private void backward(MicroBatch microBatch, int microBatches, int totalRows) {
        Map<String, INDArray> epsilons = channels.outputGradients() == null
                ? Map.of()
                : channels.outputGradients().receive(stallLimit);
        StageGraph graph = inFlight.get(microBatch.index());
        if (graph == null) {
            throw new IllegalStateException("backward of micro-batch " + microBatch.index() + " before its forward");
        }
        Map<String, INDArray> passed = pace.run(() -> {
            Map<String, INDArray> result = graph.backward(epsilons);
            lossSum += graph.lossSum();
            graph.release();
            if (microBatches > 1) {
                add(microBatch, totalRows);
            }
            return result;
        });
        inFlight.remove(microBatch.index());
        idle.add(graph);
        stage.setGradient(graph.gradient());
        if (channels.inputGradients() != null) {
            channels.inputGradients().send(passed, gradientBytes(passed));
        }
    }

    private void add(MicroBatch microBatch, int totalRows) {
        if (stage.numParams() == 0) {
            return;
        }
        if (sum == null) {
            sum = new GradientSum(stage);
        }
        sum.add(microBatch.index(), microBatch.rows(), totalRows);
    }

    private Map<String, BoundaryTensor> receiveActivations() {
        return channels.input() == null ? Map.of() : channels.input().receive(stallLimit);
    }

    private void sendActivations(Map<String, BoundaryTensor> tensors) {
        if (channels.output() != null) {
            long bytes =
                    tensors.values().stream().mapToLong(BoundaryTensor::bytes).sum();
            channels.output().send(tensors, bytes);
        }
    }

    private static long gradientBytes(Map<String, INDArray> epsilons) {
        return epsilons.values().stream()
                .mapToLong(epsilon -> epsilon.length() * epsilon.dataType().width())
                .sum();
    }
}
