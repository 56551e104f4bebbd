package io.github.skydl4j.tune;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.Worker;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.plan.PlanOptions;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.profile.ModelProfile;
import io.github.skydl4j.profile.ProfileStore;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Runs candidates with {@link SkyTrainer}: a few steps to warm up, then steps for the median. Trains the network that it is
 * given, so give it a copy.
 */
public final class TrainerTrial implements Trial {
    private static final Duration PROFILING = Duration.ofMillis(1500);
    private static final Duration STALL_LIMIT = Duration.ofMinutes(5);

    private final ComputationGraph network;
    private final ModelProfile profile;
    private final List<Worker> workers;
    private final double dilation;
    private final Duration stallLimit;
    private final ShortRun runs;

    /** Runs on a copy of the network, whose units are measured for it on the first batch. */
    public static TrainerTrial of(
            ComputationGraph network, List<Worker> workers, int microBatches, MultiDataSetIterator data) {
        return of(network, workers, 1, microBatches, data, PROFILING);
    }

    /**
     * The same with workers that are stretched.
     *
     * @param profiling how long to warm up, and again to measure
     */
    public static TrainerTrial of(
            ComputationGraph network,
            List<Worker> workers,
            double dilation,
            int microBatches,
            Iterator<? extends MultiDataSet> data,
            Duration profiling) {
        ComputationGraph copy = network.clone();
        ShortRun runs = new ShortRun(data);
        List<MicroBatch> cut = new BatchCutter(copy.getConfiguration()).cut(runs.firstBatch(), microBatches);
        ModelProfile profile = ModelProfile.measure(copy, cut.get(0), cut.size(), profiling);
        return new TrainerTrial(copy, profile, workers, dilation, STALL_LIMIT, runs);
    }

    /**
     * Makes a trial.
     *
     * @param profile of the network, with the request's number of micro-batches
     * @param workers those of the request, in its order
     * @param dilation by what the time of emulated workers is stretched, 1 for real ones
     * @param stallLimit longest wait without progress before a run counts as failed
     * @param data whose first few batches all runs train on
     */
    public TrainerTrial(
            ComputationGraph network,
            ModelProfile profile,
            List<Worker> workers,
            double dilation,
            Duration stallLimit,
            MultiDataSetIterator data) {
        this(network, profile, workers, dilation, stallLimit, new ShortRun(data));
    }

    private TrainerTrial(
            ComputationGraph network,
            ModelProfile profile,
            List<Worker> workers,
            double dilation,
            Duration stallLimit,
            ShortRun runs) {
        this.network = network;
        this.profile = profile;
        this.workers = List.copyOf(workers);
        this.dilation = dilation;
        this.stallLimit = stallLimit;
        this.runs = runs;
    }

    /** What a training plans from. */
    public PlanRequest request(ScheduleKind schedule) {
        return new PlanRequest(
                profile.host().played(profile.units()),
                Worker.cluster(workers, dilation),
                (int) profile.microBatches(),
                schedule,
                PlanOptions.defaults().withScratchBytes(profile.scratchBytes()));
    }

    @Override
    public Measurement run(TrialPlan plan, PlanRequest order, Duration limit) {
        StepMeter meter = new StepMeter();
        try (SkyTrainer trainer = trainer(plan, order, meter)) {
            return runs.measure(limit, meter, batch -> trainer.fit(batch));
        }
    }

    private SkyTrainer trainer(TrialPlan plan, PlanRequest order, StepMeter meter) {
        SkyTrainer.Builder builder = SkyTrainer.builder(network)
                .workers(workers(plan.wire()))
                .measured(order.cluster())
                .profiles(ProfileStore.of(profileFor(plan, order)))
                .planner(plan.planner())
                .schedule(plan.schedule())
                .microBatches(plan.microBatches())
                .recompute(plan.recompute())
                .dilation(dilation)
                .stallLimit(stallLimit)
                .stepListeners(meter);
        order.options()
                .owner()
                .ifPresent(owner -> builder.owner(workers.get(owner).name()));
        return builder.build();
    }

    private List<Worker> workers(WireChoice wire) {
        return wire.type()
                .map(type ->
                        workers.stream().map(worker -> worker.withWire(type)).toList())
                .orElse(workers);
    }

    private ModelProfile profileFor(TrialPlan plan, PlanRequest order) {
        PlanRequest alone = new PlanRequest(
                profile.units(), order.cluster(), order.microBatches(), order.schedule(), order.options());
        return new ModelProfile(
                profile.fingerprint(),
                plan.microBatches(),
                Math.max(1, profile.rows() * order.microBatches() / plan.microBatches()),
                alone.scaledTo(plan.microBatches()).units(),
                profile.scratchBytes(),
                profile.host());
    }
}
