package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.MicroBatch;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A step that may have to be done again.
 *
 * @param batch its micro-batches, in memory of their own
 * @param iteration of the network before the step
 * @param after where the run is after the step
 */
record JournalStep(List<MicroBatch> batch, int iteration, int epoch, SnapshotMark after) {
    static JournalStep of(List<MicroBatch> batch, int iteration, int epoch, int batchesDone) {
        return new JournalStep(
                batch.stream().map(JournalStep::copy).toList(),
                iteration,
                epoch,
                new SnapshotMark(iteration + 1, epoch, batchesDone));
    }

    int rows() {
        return batch.stream().mapToInt(MicroBatch::rows).sum();
    }

    /** Iterators may use the memory of a batch again. */
    private static MicroBatch copy(MicroBatch part) {
        return new MicroBatch(
                part.index(),
                part.rows(),
                part.offset(),
                copy(part.features()),
                copy(part.featureMasks()),
                copy(part.labels()),
                copy(part.labelMasks()),
                part.masked());
    }

    private static Map<String, INDArray> copy(Map<String, INDArray> arrays) {
        Map<String, INDArray> copy = new HashMap<>();
        arrays.forEach((name, array) -> copy.put(name, array.dup()));
        return copy;
    }
}
