package io.github.skydl4j.cluster;

/**
 * A step that may have to be done again.
 *
 * @param iteration of the network before the step
 * @param after where the run is after the step
 */
record JournalStep(StepData data, int iteration, int epoch, SnapshotMark after) {
    static JournalStep of(StepData data, int iteration, int epoch, int batchesDone) {
        return new JournalStep(data, iteration, epoch, new SnapshotMark(iteration + 1, epoch, batchesDone));
    }
}
