package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.graph.MicroBatch;
import java.util.Collection;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Closes boundary arrays that a stage shares with nobody, when their micro-batch is done. What is left to the garbage
 * collector stays until there is garbage on the heap too, and a stage that makes little of it has hundreds of them then.
 *
 * <p>Masks are left to the collector: layers may keep them.
 */
final class SpentArrays {
    private SpentArrays() {}

    /** Closes what is no part of the gradients on their way, nor of what came from outside of the pipeline. */
    static void close(Map<String, BoundaryTensor> tensors, Collection<INDArray> leaving, MicroBatch microBatch) {
        for (BoundaryTensor tensor : tensors.values()) {
            close(tensor.activations(), leaving, microBatch);
        }
    }

    /** Closes an array on the same terms. */
    static void close(INDArray array, Collection<INDArray> leaving, MicroBatch microBatch) {
        if (!shares(array, leaving)
                && !shares(array, microBatch.features().values())
                && !shares(array, microBatch.labels().values())) {
            close(array);
        }
    }

    /** Closes an array unless it is a view or closed. */
    static void close(INDArray array) {
        if (array.closeable()) {
            array.close();
        }
    }

    private static boolean shares(INDArray array, Collection<INDArray> others) {
        return others.stream().anyMatch(other -> shares(array, other));
    }

    @SuppressWarnings("ReferenceEquality") // one memory, not equal numbers
    private static boolean shares(INDArray one, INDArray other) {
        if (one.wasClosed() || other.wasClosed() || one.isEmpty() || other.isEmpty()) {
            return false;
        }
        return root(one) == root(other);
    }

    /** The memory that an array is a view of. */
    @SuppressWarnings("ReferenceEquality") // some buffers are their own origin
    private static DataBuffer root(INDArray array) {
        DataBuffer buffer = array.data();
        while (buffer.originalDataBuffer() != null && buffer.originalDataBuffer() != buffer) {
            buffer = buffer.originalDataBuffer();
        }
        return buffer;
    }
}
