package io.github.skydl4j;

import io.github.skydl4j.graph.GraphMerger;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.pipeline.Emulation;
import io.github.skydl4j.pipeline.Pipeline;
import io.github.skydl4j.pipeline.StageHost;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.profile.UnitProfiler;
import io.github.skydl4j.schedule.Schedule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A planned network at work: its allocation, its pipeline, and the schedules made so far. Used by one thread. */
final class Training implements AutoCloseable {
    private final ComputationGraph network;
    private final PlanRequest request;
    private final Allocation allocation;
    private final Pipeline pipeline;
    private final Map<Integer, Schedule> schedules = new HashMap<>();

    /** Measures the units on a sample micro-batch unless they are known, plans, and starts the stages. */
    Training(ComputationGraph network, TrainerOptions options, MicroBatch sample, int microBatches) {
        this.network = network;
        List<UnitProfile> units = options.units().isEmpty()
                ? new UnitProfiler(options.profiling(), options.profiling()).measure(network, sample, microBatches)
                : options.units();
        this.request = new PlanRequest(
                units,
                options.cluster().orElseGet(() -> Worker.cluster(options.workers(), options.dilation())),
                microBatches,
                options.schedule());
        this.allocation = options.planner().plan(request);
        this.pipeline = new Pipeline(hosts(options), options.microBatches(), options.stallLimit());
        schedules.put(microBatches, StepTimes.schedule(request, allocation));
    }

    PlanRequest request() {
        return request;
    }

    Allocation allocation() {
        return allocation;
    }

    StepResult step(List<MicroBatch> batch, Runnable beforeUpdate) {
        return pipeline.train(
                batch, schedule(batch.size()), network.getIterationCount(), network.getEpochCount(), () -> {
                    GraphMerger.publishGradient(pipeline.stages(), network);
                    beforeUpdate.run();
                });
    }

    List<Map<String, INDArray>> infer(List<MicroBatch> batch) {
        return pipeline.infer(batch);
    }

    void mergeUpdaterState() {
        GraphMerger.mergeUpdaterState(pipeline.stages(), network);
    }

    @Override
    public void close() {
        pipeline.close();
    }

    private Schedule schedule(int microBatches) {
        return schedules.computeIfAbsent(
                microBatches,
                m -> request.schedule().build(StepTimes.of(request, allocation), m, allocation.inFlightLimits()));
    }

    private List<StageHost> hosts(TrainerOptions options) {
        GraphSplitter splitter = new GraphSplitter(network);
        List<StagePlan> stages = allocation.stages();
        List<StageHost> hosts = new ArrayList<>();
        for (int s = 0; s < stages.size(); s++) {
            StagePlan plan = stages.get(s);
            Worker worker = options.workers().get(plan.worker());
            Link link = s == stages.size() - 1
                    ? Link.INSTANT
                    : worker.link()
                            .slowerOf(options.workers()
                                    .get(stages.get(s + 1).worker())
                                    .link());
            hosts.add(new StageHost(
                    splitter.stage(plan.firstUnit(), plan.endUnit(), Storage.SHARED),
                    worker.name(),
                    new Emulation(worker.slowdown(), options.dilation()),
                    link,
                    options.recompute()));
        }
        return hosts;
    }
}
