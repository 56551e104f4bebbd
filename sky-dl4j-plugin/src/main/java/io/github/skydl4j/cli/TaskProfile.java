package io.github.skydl4j.cli;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.profile.Fingerprint;
import io.github.skydl4j.profile.ModelProfile;
import io.github.skydl4j.profile.ProfileStore;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Measures the model of a task as a training would: on the first micro-batch. */
final class TaskProfile {
    private final TextTask task;

    TaskProfile(TextTask task) {
        this.task = task;
    }

    /** A profile from the task's store. */
    ProfileStore.Found find(ComputationGraph network) {
        new GraphSplitter(network).requireTrainable();
        List<MicroBatch> cut = cut(network.getConfiguration());
        PipelineConfig pipeline = task.config().pipeline();
        return pipeline.profiles().get(network, cut.get(0), cut.size(), pipeline.profiling());
    }

    /** The profile measured now, whatever there is already; the store then has it. */
    ProfileStore.Found measure(ComputationGraph network) {
        new GraphSplitter(network).requireTrainable();
        List<MicroBatch> cut = cut(network.getConfiguration());
        PipelineConfig pipeline = task.config().pipeline();
        return pipeline.profiles().renew(network, cut.get(0), cut.size(), pipeline.profiling());
    }

    /** Why a profile may be wrong for the task here, a few words each; empty if it was made for it. */
    List<String> differencesTo(ModelProfile profile) {
        List<String> differences = new ArrayList<>(profile.fingerprint().differencesTo(fingerprint()));
        if (profile.microBatches() != task.microBatches()) {
            differences.add(profile.microBatches() + " micro-batches, here " + task.microBatches());
        }
        if (profile.rows() != task.microBatchRows()) {
            differences.add("micro-batches of " + profile.rows() + ", here of " + task.microBatchRows());
        }
        return differences;
    }

    /** What a profile of the task measured here depends on. */
    Fingerprint fingerprint() {
        ComputationGraphConfiguration graph = task.graph();
        return Fingerprint.here(graph, cut(graph).get(0));
    }

    private List<MicroBatch> cut(ComputationGraphConfiguration graph) {
        return new BatchCutter(graph)
                .cut(task.batches().next(), task.config().training().microBatches());
    }
}
