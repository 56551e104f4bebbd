package io.github.skydl4j.profile;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.plan.UnitProfile;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Measures every unit of a network on this JVM by running a micro-batch forward and backward, over and over: first to
 * warm up, then for the median. Times are the thread's CPU time, so a busy host does not distort them; set
 * OMP_NUM_THREADS to what a stage will have.
 *
 * <p>Parameters are not changed; the network's gradient array is used as scratch.
 */
public final class UnitProfiler {
    private static final int FEWEST_PASSES = 5;

    private final Duration warmUp;
    private final Duration measuring;

    /** Creates a profiler that warms up and measures for so much CPU time each, but for five passes at least. */
    public UnitProfiler(Duration warmUp, Duration measuring) {
        this.warmUp = warmUp;
        this.measuring = measuring;
    }

    /**
     * Measures the units in their order.
     *
     * @param sample a micro-batch as training will have them, with labels
     * @param microBatches micro-batches in a step; with more than one, adding up gradients counts as backward
     */
    public List<UnitProfile> measure(ComputationGraph network, MicroBatch sample, int microBatches) {
        GraphSplitter splitter = new GraphSplitter(network);
        StageGraph whole = splitter.stage(0, splitter.units().size(), Storage.SHARED);
        UnitTimes times = new UnitTimes(splitter.units());
        whole.observe(times);
        repeat(whole, sample, times, warmUp);
        times.forget();
        repeat(whole, sample, times, measuring);
        double sumNanosPerParameter = microBatches == 1 ? 0 : SumCost.nanosPerElement(whole);
        List<UnitProfile> profiles = new ArrayList<>();
        for (int u = 0; u < splitter.units().size(); u++) {
            profiles.add(profile(network, splitter, times, u, sumNanosPerParameter));
        }
        return profiles;
    }

    private static void repeat(StageGraph whole, MicroBatch sample, UnitTimes times, Duration duration) {
        long end = CpuClock.nanos() + duration.toNanos();
        for (int pass = 0; pass < FEWEST_PASSES || CpuClock.nanos() < end; pass++) {
            times.startPass();
            whole.forward(sample, Map.of());
            times.startPass();
            whole.backward(Map.of());
            whole.lossSum();
            times.lossDone();
            whole.release();
        }
    }

    private static UnitProfile profile(
            ComputationGraph network, GraphSplitter splitter, UnitTimes times, int unit, double sumNanosPerParameter) {
        String name = splitter.units().get(unit);
        long parameters = network.getVertex(name).numParams();
        long width = network.getConfiguration().getDataType().width();
        long boundary = 0;
        for (String tensor : splitter.boundary(unit + 1)) {
            boundary += times.outputBytes(tensor);
        }
        return new UnitProfile(
                name,
                times.forwardNanos(name),
                times.backwardNanos(name) + Math.round(parameters * sumNanosPerParameter),
                parameters * width,
                parameters * width + stateBytes(network, parameters),
                times.outputBytes(name),
                boundary);
    }

    /** Updater state, shared out over parameters evenly. */
    private static long stateBytes(ComputationGraph network, long parameters) {
        INDArray state = network.getUpdater().getStateViewArray();
        if (state == null || network.params().isEmpty()) {
            return 0;
        }
        return Math.round((double) state.length() / network.params().length() * parameters)
                * state.dataType().width();
    }
}
