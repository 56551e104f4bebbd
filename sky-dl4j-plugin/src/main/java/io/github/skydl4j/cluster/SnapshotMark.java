package io.github.skydl4j.cluster;

/**
 * Where in a run a snapshot was taken. Immutable.
 *
 * @param iteration steps whose updates it holds, as the network counts them
 * @param epoch epoch of the network, from 0
 * @param batches batches of that epoch that it holds
 */
public record SnapshotMark(int iteration, int epoch, int batches) {
    /** Checks the ranges. */
    public SnapshotMark {
        if (iteration < 0 || epoch < 0 || batches < 0) {
            throw new IllegalArgumentException(
                    "a snapshot of iteration " + iteration + ", epoch " + epoch + ", batch " + batches);
        }
    }
}
