package io.github.skydl4j.profile;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.plan.Host;
import io.github.skydl4j.plan.UnitProfile;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * Everything that is measured before a model is planned. Immutable; field names are the keys of the JSON file.
 *
 * @param microBatches into how many a batch was cut
 * @param rows examples in the micro-batch that was measured
 * @param units in the order of the model
 * @param scratchBytes what every stage needs besides its units' own memory
 * @param host the machine, in case it plays all workers
 */
public record ModelProfile(
        Fingerprint fingerprint, long microBatches, long rows, List<UnitProfile> units, long scratchBytes, Host host) {
    /** Copies the list. */
    public ModelProfile {
        units = List.copyOf(units);
        if (units.isEmpty()) {
            throw new IllegalArgumentException("a profile without units");
        }
        if (scratchBytes < 0) {
            throw new IllegalArgumentException("scratchBytes is " + scratchBytes + ", below 0");
        }
    }

    /**
     * Measures on this JVM.
     *
     * @param sample a micro-batch as training will have them, with labels
     * @param microBatches micro-batches in a step
     * @param profiling how long to warm up, and again to measure; the host takes about as long once more
     */
    public static ModelProfile measure(
            ComputationGraph network, MicroBatch sample, int microBatches, Duration profiling) {
        ModelCosts costs = new UnitProfiler(profiling, profiling).costs(network, sample, microBatches);
        return new ModelProfile(
                Fingerprint.here(network.getConfiguration(), sample),
                microBatches,
                sample.rows(),
                costs.units(),
                costs.scratchBytes(),
                new HostProfiler(profiling).measure(network, sample, costs.units()));
    }
}
