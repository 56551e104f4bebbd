package io.github.skydl4j;

import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.plan.Allocation;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;

/**
 * A trainer's stages: planned and started with the first batch, stopped by a failure or by the trainer's end, and then
 * started anew with the next batch. Used by one thread.
 */
final class StagesAtWork {
    private final ComputationGraph network;
    private final TrainerOptions options;
    private final Progress progress;
    private @Nullable PlannedTraining training;
    private @Nullable Allocation noticed;

    StagesAtWork(ComputationGraph network, TrainerOptions options, Progress progress) {
        this.network = network;
        this.options = options;
        this.progress = progress;
    }

    /** Those that are up; empty before the first batch and after a failure. */
    Optional<PlannedTraining> active() {
        return Optional.ofNullable(training);
    }

    boolean areUp() {
        return training != null;
    }

    /** Plans and starts them with a batch as training will have them, unless they are up. */
    void start(List<MicroBatch> batch) {
        if (training != null) {
            return;
        }
        Coordinator cluster = options.cluster();
        MicroBatch sample = batch.get(0);
        PlannedTraining started = cluster == null
                ? new Training(network, options, sample, batch.size())
                : new ClusterTraining(network, cluster, options, sample, batch.size());
        training = started;
        String profile = started.profileOrigin();
        options.stepListeners().forEach(listener -> listener.profiled(profile));
        noticePlan(started);
        progress.stagesStarted();
    }

    /** Has them do something; what it throws stops them, and the network keeps what can be had of what was learned. */
    <T> T run(Function<PlannedTraining, T> work) {
        PlannedTraining active = Objects.requireNonNull(training);
        try {
            T result = work.apply(active);
            noticePlan(active);
            return result;
        } catch (RuntimeException | Error e) {
            if (options.monitor() != null) {
                options.monitor().failed(e);
            }
            try {
                active.salvage();
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            try {
                stop();
            } catch (RuntimeException second) {
                e.addSuppressed(second);
            }
            throw e;
        }
    }

    /** Brings what they have learned into the network, if they are up. */
    void bringBack() {
        if (training != null) {
            run(active -> {
                active.bringBack();
                return active;
            });
        }
    }

    /** The epoch has been counted: workers that have joined meanwhile may be taken in. */
    void epochEnded() {
        if (training != null) {
            run(active -> {
                active.epochEnded();
                return active;
            });
        }
    }

    void stop() {
        PlannedTraining ending = training;
        training = null;
        if (ending != null) {
            ending.close();
        }
    }

    /** A plan may become another one in the middle of anything, when workers are lost. */
    private void noticePlan(PlannedTraining active) {
        Allocation allocation = active.allocation();
        if (!allocation.equals(noticed)) {
            noticed = allocation;
            progress.replanned();
            options.stepListeners().forEach(listener -> listener.planned(allocation));
        }
    }
}
