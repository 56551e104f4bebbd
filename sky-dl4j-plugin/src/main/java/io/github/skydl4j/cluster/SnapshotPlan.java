package io.github.skydl4j.cluster;

import java.nio.file.Path;

/**
 * Where and how often a run is saved. Immutable.
 *
 * @param everySteps steps between snapshots; as many batches, or twice as many, are kept to be replayed
 * @param folder of this run alone
 * @param resume whether to go on from the last snapshot in the folder
 */
public record SnapshotPlan(int everySteps, Path folder, boolean resume) {
    /** Checks the range. */
    public SnapshotPlan {
        if (everySteps < 1) {
            throw new IllegalArgumentException("a snapshot every " + everySteps + " steps: it must be at least 1");
        }
    }
}
