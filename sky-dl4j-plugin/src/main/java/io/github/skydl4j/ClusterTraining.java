package io.github.skydl4j;

import io.github.skydl4j.cluster.ClusterEvent;
import io.github.skydl4j.cluster.ClusterPipeline;
import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.cluster.KnownCosts;
import io.github.skydl4j.cluster.MemoryUse;
import io.github.skydl4j.cluster.RunSettings;
import io.github.skydl4j.cluster.StoredBatch;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.PlanRequest;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A network at work on the workers of a cluster. Used by one thread. */
final class ClusterTraining implements PlannedTraining {
    private final ComputationGraph network;
    private final Coordinator coordinator;
    private final ClusterPipeline pipeline;
    private final @Nullable StepWatch watch;

    /** Waits for the workers, measures, plans, and has the stages hosted. */
    ClusterTraining(
            ComputationGraph network,
            Coordinator coordinator,
            TrainerOptions options,
            MicroBatch sample,
            int microBatches) {
        this.network = network;
        this.coordinator = coordinator;
        coordinator.awaitWorkers();
        RunSettings settings = new RunSettings(
                options.planner(),
                options.schedule(),
                options.microBatches(),
                options.recompute(),
                options.monitor() != null,
                options.dilation(),
                options.wires(),
                options.profiling(),
                options.stallLimit(),
                KnownCosts.of(options.measured()));
        this.pipeline = coordinator.pipeline(network, settings, sample, microBatches);
        Monitor monitor = options.monitor();
        this.watch = monitor == null ? null : new StepWatch(monitor);
        tellPlan();
    }

    @Override
    public PlanRequest request() {
        return pipeline.request();
    }

    @Override
    public Allocation allocation() {
        return pipeline.allocation();
    }

    @Override
    public String profileOrigin() {
        return "measured here, the workers' speeds by themselves";
    }

    @Override
    public long predictedNanos() {
        return allocation().stepNanos();
    }

    @Override
    public List<String> workerNames() {
        return pipeline.workers();
    }

    /** The gradient stays with the workers, so nobody is told that it is complete. */
    @Override
    public StepResult step(long step, List<MicroBatch> batch, Runnable beforeUpdate) {
        return watched(step, () -> pipeline.train(batch));
    }

    @Override
    public StepResult step(long step, StoredBatch batch) {
        return watched(step, () -> pipeline.train(batch));
    }

    private StepResult watched(long step, Supplier<StepResult> work) {
        if (watch == null) {
            return work.get();
        }
        watch.starting(step);
        StepResult result = work.get();
        tellPlan();
        watch.done(step, network.getEpochCount(), result, pipeline.lastStep().ofStep(step));
        return result;
    }

    @Override
    public List<Map<String, INDArray>> infer(List<MicroBatch> batch) {
        return pipeline.infer(batch);
    }

    @Override
    public boolean trainsInPlace() {
        return false;
    }

    @Override
    public void bringBack() {
        pipeline.publish();
    }

    @Override
    public void salvage() {
        coordinator.resume(network);
    }

    @Override
    public List<MemoryUse> memory() {
        return pipeline.memory();
    }

    @Override
    public List<ClusterEvent.Recovered> recoveries() {
        return pipeline.recoveries();
    }

    @Override
    public void epochEnded() {
        pipeline.endEpoch();
    }

    @Override
    public void close() {
        pipeline.close();
    }

    /** It may be another one after workers were lost or have joined. */
    private void tellPlan() {
        if (watch != null) {
            watch.planned(pipeline.request(), pipeline.allocation());
        }
    }
}
