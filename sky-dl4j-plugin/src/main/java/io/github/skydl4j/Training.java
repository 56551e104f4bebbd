package io.github.skydl4j;

import io.github.skydl4j.graph.GraphMerger;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.pipeline.Emulation;
import io.github.skydl4j.pipeline.Pipeline;
import io.github.skydl4j.pipeline.StageHost;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.EmulatedStep;
import io.github.skydl4j.plan.Host;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.PlanOptions;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.profile.ProfileStore;
import io.github.skydl4j.schedule.Schedule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A planned network at work in this JVM: its allocation, its pipeline, and the schedules made so far. Used by one thread. */
final class Training implements PlannedTraining {
    private final ComputationGraph network;
    private final String profileOrigin;
    private final Host host;
    private final List<String> workerNames;
    private final PlanRequest request;
    private final Allocation allocation;
    private final @Nullable PipelineWatch watch;
    private final Pipeline pipeline;
    private final Map<Integer, Schedule> schedules = new HashMap<>();

    /** Measures the units on a sample micro-batch, plans, and starts the stages. */
    Training(ComputationGraph network, TrainerOptions options, MicroBatch sample, int microBatches) {
        this.network = network;
        this.workerNames = options.workers().stream().map(Worker::name).toList();
        ProfileStore.Found found = options.profiles().get(network, sample, microBatches, options.profiling());
        this.profileOrigin = found.origin();
        this.host = found.profile().host();
        PlanRequest anywhere = new PlanRequest(
                host.played(found.profile().units()),
                options.planned(),
                microBatches,
                options.schedule(),
                PlanOptions.defaults().withScratchBytes(found.profile().scratchBytes()));
        this.request = options.owner().map(anywhere::withOwner).orElse(anywhere);
        this.allocation = options.planner().plan(request);
        Monitor monitor = options.monitor();
        this.watch = monitor == null ? null : new PipelineWatch(monitor, request, allocation, options.microBatches());
        this.pipeline = new Pipeline(hosts(options), options.microBatches(), options.stallLimit());
        schedules.put(microBatches, StepTimes.schedule(request, allocation));
    }

    @Override
    public PlanRequest request() {
        return request;
    }

    @Override
    public String profileOrigin() {
        return profileOrigin;
    }

    /** What a step should take on this machine, which plays all workers. */
    @Override
    public long predictedNanos() {
        return EmulatedStep.nanos(host, request, allocation);
    }

    @Override
    public Allocation allocation() {
        return allocation;
    }

    @Override
    public List<String> workerNames() {
        return workerNames;
    }

    @Override
    public StepResult step(long step, List<MicroBatch> batch, Runnable beforeUpdate) {
        if (watch != null) {
            watch.starting(step);
        }
        StepResult result = pipeline.train(
                batch, schedule(batch.size()), network.getIterationCount(), network.getEpochCount(), () -> {
                    GraphMerger.publishGradient(pipeline.stages(), network);
                    beforeUpdate.run();
                });
        if (watch != null) {
            watch.done(step, network.getEpochCount(), result);
        }
        return result;
    }

    @Override
    public List<Map<String, INDArray>> infer(List<MicroBatch> batch) {
        return pipeline.infer(batch);
    }

    @Override
    public boolean trainsInPlace() {
        return true;
    }

    @Override
    public void bringBack() {
        GraphMerger.mergeUpdaterState(pipeline.stages(), network);
    }

    @Override
    public void salvage() {
        bringBack();
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
                    options.recompute(),
                    watch == null ? null : watch.observer(s)));
        }
        return hosts;
    }
}
