package io.github.skydl4j.profile;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.plan.UnitProfile;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Measures the worker that this JVM is: its speed on the model's own units, its memory, its cores. Immutable. */
public final class WorkerProfiler {
    private final UnitProfiler units;

    /** Creates a profiler that warms up and measures for so much CPU time each. */
    public WorkerProfiler(Duration warmUp, Duration measuring) {
        this.units = new UnitProfiler(warmUp, measuring);
    }

    /**
     * Measures.
     *
     * @param sample a micro-batch as training will have them, with labels
     * @param microBatches micro-batches in a step
     * @param reference the units of the same model as measured on the worker of slowness 1, often the coordinator
     */
    public WorkerMeasurement measure(
            ComputationGraph network, MicroBatch sample, int microBatches, List<UnitProfile> reference) {
        return WorkerMeasurement.here(units.measure(network, sample, microBatches), reference);
    }
}
