package io.github.skydl4j.cli;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.profile.UnitProfiler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * A model's units as they were measured. Immutable.
 *
 * @param microBatches into how many a batch was cut
 * @param rows examples in the micro-batch that was measured
 */
record ModelProfile(Fingerprint fingerprint, long microBatches, long rows, List<UnitProfile> units) {

    ModelProfile {
        units = List.copyOf(units);
    }

    /** Measures the units on the first micro-batch, as a training would. */
    static ModelProfile measure(TextTask task, ComputationGraph network) {
        new GraphSplitter(network).requireTrainable();
        List<MicroBatch> cut = new BatchCutter(network.getConfiguration())
                .cut(task.batches().next(), task.config().training().microBatches());
        Duration profiling = task.config().pipeline().profiling();
        List<UnitProfile> units = new UnitProfiler(profiling, profiling).measure(network, cut.get(0), cut.size());
        // The fingerprint is that of the description: a network fills in sizes and counts iterations in its own copy.
        return new ModelProfile(
                Fingerprint.here(task.graph()), cut.size(), cut.get(0).rows(), units);
    }

    /** Why this profile may be wrong for the task here, a few words each; empty if it was made for it. */
    List<String> differencesTo(TextTask task) {
        List<String> differences = new ArrayList<>(fingerprint.differencesTo(Fingerprint.here(task.graph())));
        if (microBatches != task.microBatches()) {
            differences.add(microBatches + " micro-batches, here " + task.microBatches());
        }
        if (rows != task.microBatchRows()) {
            differences.add("micro-batches of " + rows + ", here of " + task.microBatchRows());
        }
        return differences;
    }
}
