package io.github.skydl4j;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Batches of a shape with nothing in them, to measure with where examples must not travel. */
final class Blank {
    private Blank() {}

    /** Features and labels of the same shapes, all zero; masks of the same shapes, all one. */
    static MultiDataSet like(MultiDataSet batch) {
        return new org.nd4j.linalg.dataset.MultiDataSet(
                all(batch.getFeatures(), 0),
                all(batch.getLabels(), 0),
                all(batch.getFeaturesMaskArrays(), 1),
                all(batch.getLabelsMaskArrays(), 1));
    }

    private static INDArray @Nullable [] all(INDArray @Nullable [] arrays, int value) {
        if (arrays == null) {
            return null;
        }
        INDArray[] blank = new INDArray[arrays.length];
        for (int i = 0; i < arrays.length; i++) {
            blank[i] = arrays[i] == null ? null : arrays[i].like().assign(value);
        }
        return blank;
    }
}
