package io.github.skydl4j.tune;

import io.github.skydl4j.cluster.ClusterPipeline;
import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.cluster.KnownCosts;
import io.github.skydl4j.cluster.RunSettings;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.WireTypes;
import io.github.skydl4j.plan.WorkerProfile;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/**
 * Runs candidates on the workers that have joined a coordinator. They train a copy of the network, and stay with the
 * coordinator from one run to the next and afterwards. The coordinator must not lead another training meanwhile: its
 * snapshots are dropped before each run.
 */
public final class ClusterTrial implements Trial {
    private final Coordinator coordinator;
    private final ComputationGraph network;
    private final RunSettings settings;
    private final BatchCutter cutter;
    private final ShortRun runs;
    private final PlanRequest request;

    /**
     * Measures the network's units and the workers that are there.
     *
     * @param settings those of training, with the planner to begin with
     * @param data whose first few batches all runs train on
     * @throws IllegalStateException if the workers do not come
     */
    public static ClusterTrial of(
            Coordinator coordinator,
            ComputationGraph network,
            RunSettings settings,
            Iterator<? extends MultiDataSet> data) {
        return new ClusterTrial(coordinator, network.clone(), settings, data);
    }

    private ClusterTrial(
            Coordinator coordinator,
            ComputationGraph network,
            RunSettings settings,
            Iterator<? extends MultiDataSet> data) {
        this.coordinator = coordinator;
        this.network = network;
        this.settings = settings;
        this.cutter = new BatchCutter(network.getConfiguration());
        this.runs = new ShortRun(data);
        coordinator.awaitWorkers();
        try (ClusterPipeline pipeline = pipeline(settings)) {
            this.request = pipeline.request();
        } finally {
            coordinator.discardSnapshots();
        }
    }

    /** What a training plans from. */
    public PlanRequest request() {
        return request;
    }

    /** A worker that is lost makes the run fail unless it comes back. */
    @Override
    public Measurement run(TrialPlan plan, PlanRequest order, Duration limit) {
        StepMeter meter = new StepMeter();
        try (ClusterPipeline pipeline = pipeline(settings(plan, order))) {
            return runs.measure(limit, meter, batch -> meter.add(train(pipeline, batch, plan.microBatches())));
        } finally {
            coordinator.discardSnapshots();
        }
    }

    private ClusterPipeline pipeline(RunSettings settings) {
        List<MicroBatch> sample = cutter.cut(runs.firstBatch(), settings.microBatches());
        return coordinator.pipeline(network, settings, sample.get(0), sample.size());
    }

    private StepResult train(ClusterPipeline pipeline, MultiDataSet batch, int microBatches) {
        StepResult result = pipeline.train(cutter.cut(batch, microBatches));
        network.getConfiguration().setIterationCount(network.getIterationCount() + 1);
        return result;
    }

    private RunSettings settings(TrialPlan plan, PlanRequest order) {
        List<String> names =
                order.cluster().workers().stream().map(WorkerProfile::name).toList();
        PlanRequest scaled = plan.requestFrom(order);
        return new RunSettings(
                plan.planner().forWorkers(names, new NoSubstitute()),
                plan.schedule(),
                plan.microBatches(),
                plan.recompute(),
                false,
                settings.dilation(),
                plan.wire().type().map(wire -> new WireTypes(wire, Map.of())).orElse(settings.wires()),
                settings.profiling(),
                settings.stallLimit(),
                new KnownCosts(Optional.of(scaled.units()), Optional.of(order.cluster())));
    }

    /** A candidate whose worker is lost must not be measured as another plan. */
    private static final class NoSubstitute implements Planner {
        @Override
        public String name() {
            return "none";
        }

        @Override
        public Allocation plan(PlanRequest request) {
            throw new InfeasiblePlanException("a worker of the candidate is lost");
        }
    }
}
