package io.github.skydl4j.profile;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.plan.UnitProfile;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Measures every unit of a network on this JVM by running a micro-batch forward and backward, over and over: first to
 * warm up, then for the median. Times are the thread's CPU time, so a busy host does not distort them; set
 * OMP_NUM_THREADS to what a stage will have. Of identical units only the first two are measured.
 *
 * <p>The network is not changed; what is measured are copies.
 */
public final class UnitProfiler {
    /** Stages have a few micro-batches in flight; more than these would make large models slow to measure. */
    static final int MOST_IN_FLIGHT = 4;

    private final Duration warmUp;
    private final Duration measuring;

    /** Creates a profiler that warms up and measures for so much CPU time each, but for two steps at least. */
    public UnitProfiler(Duration warmUp, Duration measuring) {
        this.warmUp = warmUp;
        this.measuring = measuring;
    }

    /** The units of {@link #costs}. */
    public List<UnitProfile> measure(ComputationGraph network, MicroBatch sample, int microBatches) {
        return costs(network, sample, microBatches).units();
    }

    /**
     * Measures the units in their order.
     *
     * @param sample a micro-batch as training will have them, with labels
     * @param microBatches micro-batches in a step; with more than one, adding up gradients counts as backward
     */
    public ModelCosts costs(ComputationGraph network, MicroBatch sample, int microBatches) {
        GraphSplitter splitter = new GraphSplitter(network);
        UnitOutputs outputs = UnitOutputs.of(splitter, sample);
        UnitCosts costs = new UnitCosts(network, outputs);
        MeasuredRuns runs =
                MeasuredRuns.of(splitter.units().stream().map(costs::identity).toList());
        long measured = runs.runs().stream()
                .filter(MeasuredRuns.Run::measured)
                .mapToLong(run -> run.end() - run.first())
                .sum();
        Map<String, BoundaryTensor> received = Map.of();
        for (MeasuredRuns.Run run : runs.runs()) {
            if (run.measured()) {
                double part = (double) (run.end() - run.first()) / measured;
                StageGraph stage = splitter.stage(run.first(), run.end(), Storage.COPIED);
                costs.add(rehearse(new Rehearsal(stage, sample, received), sample, microBatches, part));
            }
            received = splitter.stage(run.first(), run.end(), Storage.SHARED).infer(sample, received, new HashMap<>());
        }
        return costs.of(splitter, microBatches);
    }

    private RunCosts rehearse(Rehearsal rehearsal, MicroBatch sample, int microBatches, double part) {
        StageMemoryUse memory = StageMemoryUse.of(rehearsal, sample);
        StepRehearsal steps = new StepRehearsal(rehearsal, Math.min(microBatches, MOST_IN_FLIGHT), sample.rows());
        steps.run(scaled(warmUp, part), scaled(measuring, part));
        return new RunCosts(rehearsal.stage().spec().units(), steps, memory);
    }

    private static Duration scaled(Duration duration, double part) {
        return Duration.ofNanos((long) (duration.toNanos() * part));
    }
}
