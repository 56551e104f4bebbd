package io.github.skydl4j.graph;

import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A part of a batch that travels through the pipeline as a whole. All maps are by the name of the network input or
 * network output; inputs and outputs without a mask are absent from the mask maps.
 *
 * @param index position in the batch, from 0
 * @param rows examples in this micro-batch
 * @param offset examples of the batch before this micro-batch
 * @param masked whether the batch has feature masks, so that masks are handed from unit to unit
 */
public record MicroBatch(
        int index,
        int rows,
        int offset,
        Map<String, INDArray> features,
        Map<String, INDArray> featureMasks,
        Map<String, INDArray> labels,
        Map<String, INDArray> labelMasks,
        boolean masked) {
    /** Copies the maps. */
    public MicroBatch {
        features = Map.copyOf(features);
        featureMasks = Map.copyOf(featureMasks);
        labels = Map.copyOf(labels);
        labelMasks = Map.copyOf(labelMasks);
    }

    /** The same examples in another place of a batch of micro-batches of this size. */
    public MicroBatch at(int newIndex) {
        return new MicroBatch(newIndex, rows, newIndex * rows, features, featureMasks, labels, labelMasks, masked);
    }
}
