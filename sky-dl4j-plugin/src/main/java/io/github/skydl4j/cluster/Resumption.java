package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.GraphState;
import org.deeplearning4j.nn.graph.ComputationGraph;

/** Brings a network to a snapshot. */
final class Resumption {
    private Resumption() {}

    /** Fills parameters, updater state and counts. */
    static SnapshotMark of(Snapshot snapshot, ComputationGraph network, String model) {
        if (!snapshot.model().equals(model)) {
            throw new SnapshotException("the snapshot in " + snapshot.folder()
                    + " is of another network: resume with the configuration that it was made with");
        }
        StateFilling filling = new StateFilling(GraphState.of(network).values());
        snapshot.read(new GraphSplitter(network).units(), filling::accept);
        if (filling.missing() != 0) {
            throw new SnapshotException(
                    "the snapshot in " + snapshot.folder() + " lacks " + filling.missing() + " values of the network");
        }
        SnapshotMark mark = snapshot.mark();
        network.getConfiguration().setIterationCount(mark.iteration());
        network.getConfiguration().setEpochCount(mark.epoch());
        return mark;
    }
}
