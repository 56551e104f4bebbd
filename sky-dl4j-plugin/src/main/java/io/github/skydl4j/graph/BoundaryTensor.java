package io.github.skydl4j.graph;

import org.deeplearning4j.nn.api.MaskState;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The output of one unit for one micro-batch on its way across a cut: the activations and, in a masked batch, the mask
 * that DL4J would hand to the unit's consumers.
 *
 * <p>The arrays are detached from workspaces and belong to the receiver from the moment they are sent; the sender neither
 * changes nor closes them. Where the receiver is in another process it gets copies, and both ends close theirs after the backward.
 *
 * @param activations the unit's output, first dimension usually the examples of the micro-batch
 * @param mask mask array (may be null inside the pair) and its state; null when the unit has none
 */
public record BoundaryTensor(INDArray activations, @Nullable Pair<INDArray, MaskState> mask) {
    /** Bytes that this tensor moves over a link. */
    public long bytes() {
        INDArray maskArray = mask == null ? null : mask.getFirst();
        return bytesOf(activations) + (maskArray == null ? 0 : bytesOf(maskArray));
    }

    static long bytesOf(INDArray array) {
        return array.length() * array.dataType().width();
    }
}
