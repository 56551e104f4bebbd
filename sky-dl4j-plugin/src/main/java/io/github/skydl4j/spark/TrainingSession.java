package io.github.skydl4j.spark;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.StepListener;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.cluster.Coordinator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** A network and the stages that train it; they stay up from one call of {@code fit} to the next. Not thread-safe. */
final class TrainingSession implements AutoCloseable {
    private final ComputationGraph network;
    private final SkyTrainer trainer;
    private final boolean isRemote;
    private @Nullable Learned learned;

    TrainingSession(
            ComputationGraph network,
            MasterOptions options,
            @Nullable Coordinator coordinator,
            Supplier<List<TrainingListener>> listeners,
            StepListener stepListener) {
        this.network = network;
        this.isRemote = coordinator != null;
        SkyTrainer.Builder builder = SkyTrainer.builder(network)
                .workers(options.workerList())
                .planner(options.plannerInUse())
                .schedule(options.schedule())
                .microBatches(options.microBatches())
                .recompute(options.recompute())
                .wire(options.wire())
                .dilation(options.dilation())
                .profiling(options.profiling())
                .listeners(listeners)
                .stepListeners(stepListener);
        if (options.tuned() != null) {
            builder.measured(options.tuned().cluster());
        }
        this.trainer = (coordinator == null ? builder : builder.cluster(coordinator)).build();
    }

    /** Whether this is that very network, not an equal one, and the stages hold what it holds. */
    @SuppressWarnings("ReferenceEquality")
    boolean trains(ComputationGraph other) {
        return network == other && (learned == null || learned.equals(Learned.by(other)));
    }

    void fit(Iterator<MultiDataSet> batches) {
        trainer.fitBatches(batches);
        noteLearned();
    }

    /** Has the files read by those who need them. */
    void fitPaths(Iterator<String> paths, FileBatches files) {
        try {
            trainer.fitPaths(paths, files);
        } catch (IOException e) {
            throw new UncheckedIOException("training data could not be read: " + e.getMessage(), e);
        }
        noteLearned();
    }

    /** Stages in this JVM train the network's own arrays; others have their own. */
    private void noteLearned() {
        if (isRemote) {
            learned = Learned.by(network);
        }
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
}
