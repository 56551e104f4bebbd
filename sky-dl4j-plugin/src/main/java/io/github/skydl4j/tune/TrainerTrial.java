package io.github.skydl4j.tune;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.PlanRequest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/**
 * Runs candidates with {@link SkyTrainer}: a few steps to warm up, then steps for the median. Trains the network that it is
 * given, so give it a copy.
 */
public final class TrainerTrial implements Trial {
    private static final int BATCHES = 4;
    private static final int WARM_UP_STEPS = 3;
    /** The first run finds the JVM cold. */
    private static final int FIRST_WARM_UP_STEPS = 30;

    private static final int STEPS = 20;

    private final ComputationGraph network;
    private final List<Worker> workers;
    private final double dilation;
    private final Duration stallLimit;
    private final List<MultiDataSet> batches;
    private boolean warm;

    /**
     * Makes a trial.
     *
     * @param workers those of the request, in its order
     * @param dilation by what the time of emulated workers is stretched, 1 for real ones
     * @param stallLimit longest wait without progress before a run counts as failed
     * @param data whose first few batches all runs train on
     */
    public TrainerTrial(
            ComputationGraph network,
            List<Worker> workers,
            double dilation,
            Duration stallLimit,
            MultiDataSetIterator data) {
        this.network = network;
        this.workers = List.copyOf(workers);
        this.dilation = dilation;
        this.stallLimit = stallLimit;
        this.batches = fullBatches(data);
    }

    @Override
    public Measurement run(TrialPlan plan, PlanRequest order, Duration limit) {
        StepMeter meter = new StepMeter();
        long end = System.nanoTime() + limit.toNanos();
        try (SkyTrainer trainer = SkyTrainer.builder(network)
                .workers(workers)
                .cluster(order.cluster())
                .units(order.scaledTo(plan.microBatches()).units())
                .planner(plan.planner())
                .schedule(plan.schedule())
                .microBatches(plan.microBatches())
                .recompute(plan.recompute())
                .dilation(dilation)
                .stallLimit(stallLimit)
                .stepListeners(meter)
                .build()) {
            long warmEnd = end - limit.toNanos() / 2;
            steps(trainer, warm ? WARM_UP_STEPS : FIRST_WARM_UP_STEPS, warmEnd);
            meter.forget();
            steps(trainer, STEPS, end);
        }
        warm = true;
        return meter.measurement();
    }

    /** At least one step; no new one after the end. */
    private void steps(SkyTrainer trainer, int most, long end) {
        for (int step = 0; step < most && (step == 0 || System.nanoTime() < end); step++) {
            trainer.fit(batches.get(step % batches.size()));
        }
    }

    /** Batches as large as the first. */
    private static List<MultiDataSet> fullBatches(MultiDataSetIterator data) {
        List<MultiDataSet> batches = new ArrayList<>();
        while (data.hasNext() && batches.size() < BATCHES) {
            MultiDataSet next = data.next();
            if (batches.isEmpty()
                    || next.getFeatures(0).size(0)
                            == batches.get(0).getFeatures(0).size(0)) {
                batches.add(next);
            }
        }
        if (batches.isEmpty()) {
            throw new IllegalArgumentException("the iterator has no batch: runs need at least one");
        }
        return batches;
    }
}
