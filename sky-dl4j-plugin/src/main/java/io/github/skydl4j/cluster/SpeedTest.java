package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageBlueprint;
import io.github.skydl4j.graph.StageGraph;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * How long this JVM takes for the first units of a model: the measure by which workers are compared. The units are those
 * that get by with the model's inputs, so nothing but their configuration and a micro-batch has to travel.
 */
final class SpeedTest {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    private static final int FEWEST_PASSES = 5;

    private SpeedTest() {}

    /** CPU time of a forward and a backward over the units, median, on parameters of no meaning. */
    static long passNanos(StageBlueprint units, MicroBatch sample, Duration warmUp, Duration measuring) {
        StageGraph stage = units.build();
        if (stage.numParams() > 0) {
            stage.params().assign(0.01);
        }
        passes(stage, sample, warmUp);
        List<Long> measured = passes(stage, sample, measuring);
        measured.sort(null);
        return Math.max(1, measured.get(measured.size() / 2));
    }

    private static List<Long> passes(StageGraph stage, MicroBatch sample, Duration duration) {
        List<Long> passes = new ArrayList<>();
        long end = nanos() + duration.toNanos();
        while (passes.size() < FEWEST_PASSES || nanos() < end) {
            long start = nanos();
            Map<String, BoundaryTensor> sent = stage.forward(sample, Map.of());
            Map<String, INDArray> gradients = new HashMap<>();
            sent.forEach((unit, tensor) -> gradients.put(unit, Nd4j.onesLike(tensor.activations())));
            stage.backward(gradients);
            stage.release();
            passes.add(nanos() - start);
        }
        return passes;
    }

    private static long nanos() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }
}
