package io.github.skydl4j.bert;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Rows of an array seen as a matrix; a vector is one row. */
final class Rows {
    private Rows() {}

    /** A view of rows {@code [first, end)}. */
    static INDArray of(INDArray array, long first, long end) {
        if (array.rank() == 1) {
            return array.reshape('c', 1, array.length());
        }
        return array.get(NDArrayIndex.interval(first, end), NDArrayIndex.all());
    }

    static long count(INDArray array) {
        return array.rank() == 1 ? 1 : array.size(0);
    }
}
