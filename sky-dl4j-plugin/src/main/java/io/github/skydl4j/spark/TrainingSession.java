package io.github.skydl4j.spark;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.StepListener;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.Worker;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A network and the stages that train it; they stay up from one call of {@code fit} to the next. Not thread-safe. */
final class TrainingSession implements AutoCloseable {
    private final ComputationGraph network;
    private final SkyTrainer trainer;

    TrainingSession(
            ComputationGraph network, MasterOptions options, TrainingListener listener, StepListener stepListener) {
        this.network = network;
        this.trainer = SkyTrainer.builder(network)
                .workers(workers(options))
                .planner(options.plannerByName())
                .schedule(options.schedule())
                .microBatches(options.microBatches())
                .recompute(options.recompute())
                .dilation(options.dilation())
                .listeners(listener)
                .stepListeners(stepListener)
                .build();
    }

    /** Whether this is that very network, not an equal one. */
    @SuppressWarnings("ReferenceEquality")
    boolean trains(ComputationGraph other) {
        return network == other;
    }

    void fit(Iterator<MultiDataSet> batches) {
        trainer.fitBatches(batches);
    }

    boolean hasTrained() {
        return trainer.allocation().isPresent();
    }

    TrainingReport report() {
        return trainer.report();
    }

    @Override
    public void close() {
        trainer.close();
    }

    private static List<Worker> workers(MasterOptions options) {
        List<Worker> workers = new ArrayList<>();
        for (int w = 0; w < options.workers(); w++) {
            workers.add(Worker.named("executor-" + w).withSlowdown(options.slowdown(w)));
        }
        return workers;
    }
}
