package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.graph.Storage;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.pipeline.Emulation;
import io.github.skydl4j.pipeline.Pipeline;
import io.github.skydl4j.pipeline.StageHost;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.StepTimes;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.profile.UnitProfiler;
import io.github.skydl4j.schedule.Schedule;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Measures settings on one network, with the parts that {@code SkyTrainer} is made of: all planners get the same
 * measured units, and the exact plan's bound stands beside every setting.
 */
final class Laboratory {
    private static final Duration PROFILING = Duration.ofSeconds(2);
    private static final Duration STALL_LIMIT = Duration.ofMinutes(1);

    private final BertTask task;
    private final ComputationGraph network;
    private final Map<Integer, List<UnitProfile>> profiles = new HashMap<>();
    private final Map<PlanRequest, Allocation> exact = new HashMap<>();

    Laboratory(BertTask task) {
        this.task = task;
        this.network = task.network();
    }

    /** The units as measured for micro-batches of this setting's size. */
    List<UnitProfile> units(int batch, int microBatches) {
        return profiles.computeIfAbsent(batch / microBatches, size -> {
            MicroBatch sample = cut(batch, microBatches).get(0);
            return new UnitProfiler(PROFILING, PROFILING).measure(network, sample, microBatches);
        });
    }

    /** Plans, starts the stages, trains, and stops them. */
    Measurement measure(Setting setting, Effort effort) {
        PlanRequest request = request(setting);
        Allocation best = exact.computeIfAbsent(request, new ExactPlanner()::plan);
        boolean isExact = setting.planner() instanceof ExactPlanner;
        Allocation allocation = isExact ? best : setting.planner().plan(request);
        Schedule schedule = StepTimes.schedule(request, allocation);
        List<MicroBatch> batch = cut(setting.batch(), setting.microBatches());
        StepLog log = new StepLog(request, allocation, best.boundNanos());
        try (Pipeline pipeline = new Pipeline(hosts(setting, allocation), setting.microBatches(), STALL_LIMIT)) {
            steps(pipeline, batch, schedule, effort.warmUp(), 1);
            log.addAll(steps(pipeline, batch, schedule, effort.measuring(), effort.fewestSteps()));
            return log.measurement(setting);
        }
    }

    private PlanRequest request(Setting setting) {
        return new PlanRequest(
                units(setting.batch(), setting.microBatches()),
                Worker.cluster(setting.workers(), setting.dilation()),
                setting.microBatches(),
                ScheduleKind.ROUND_TRIP);
    }

    private List<StepResult> steps(
            Pipeline pipeline, List<MicroBatch> batch, Schedule schedule, Duration time, int fewest) {
        List<StepResult> results = new ArrayList<>();
        long end = System.nanoTime() + time.toNanos();
        while (results.size() < fewest || System.nanoTime() < end) {
            results.add(pipeline.train(batch, schedule, results.size(), 0, () -> {}));
        }
        return results;
    }

    private List<MicroBatch> cut(int batch, int microBatches) {
        return new BatchCutter(network.getConfiguration()).cut(task.batch(batch), microBatches);
    }

    private List<StageHost> hosts(Setting setting, Allocation allocation) {
        GraphSplitter splitter = new GraphSplitter(network);
        List<StageHost> hosts = new ArrayList<>();
        List<StagePlan> stages = allocation.stages();
        for (int s = 0; s < stages.size(); s++) {
            Worker worker = setting.workers().get(stages.get(s).worker());
            Link link = s + 1 == stages.size()
                    ? Link.INSTANT
                    : worker.link()
                            .slowerOf(setting.workers()
                                    .get(stages.get(s + 1).worker())
                                    .link());
            hosts.add(new StageHost(
                    splitter.stage(stages.get(s).firstUnit(), stages.get(s).endUnit(), Storage.SHARED),
                    worker.name(),
                    new Emulation(worker.slowdown(), setting.dilation()),
                    link));
        }
        return hosts;
    }
}
