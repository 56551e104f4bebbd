package io.github.skydl4j.cluster;

/** Something that people who follow a run want to know. */
public sealed interface ClusterEvent {
    /** A worker has joined. */
    record Joined(String worker, WorkerTraits traits) implements ClusterEvent {}

    /** A worker is gone. */
    record Lost(String worker, String why) implements ClusterEvent {}

    /** A worker has asked to go and will be released. */
    record Leaving(String worker) implements ClusterEvent {}

    /** A stage has failed; the step is done again. */
    record StageFailed(String worker, int stage, String text) implements ClusterEvent {}

    /**
     * The run has got over a loss or a failure: the stages have been restored and have done the first step since.
     *
     * @param iteration of the snapshot that they were restored from
     * @param steps since, which are done again
     * @param nanos from when the failure was noticed until the first of those steps was done
     */
    record Recovered(int iteration, int steps, long nanos) implements ClusterEvent {}

    /** A snapshot is complete. */
    record SnapshotTaken(SnapshotMark mark) implements ClusterEvent {}

    /** The run waits for workers. */
    record Waiting(int there, int wanted) implements ClusterEvent {}
}
