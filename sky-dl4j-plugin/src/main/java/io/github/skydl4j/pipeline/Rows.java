package io.github.skydl4j.pipeline;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Rows of arrays of any rank.
 *
 * <p>ND4J 1.0.0-M2.1 holds the place of an index in the <em>buffer</em> against the length of the <em>view</em>: of a view
 * that begins within its buffer, rows whose place is beyond that length come as an empty array. So such a view is copied
 * before it is indexed.
 */
public final class Rows {
    private Rows() {}

    /** The array, or a copy of one that cannot be indexed rightly. */
    public static INDArray indexable(INDArray array) {
        return array.offset() == 0 ? array : array.dup('c');
    }

    /** The rows {@code [first, end)} of an array that is {@link #indexable}: a view of the array's rank. */
    public static INDArray of(INDArray array, long first, long end) {
        INDArrayIndex[] index = new INDArrayIndex[array.rank()];
        index[0] = NDArrayIndex.interval(first, end);
        for (int d = 1; d < index.length; d++) {
            index[d] = NDArrayIndex.all();
        }
        INDArray rows = array.get(index);
        if (rows.rank() == array.rank()) {
            return rows;
        }
        long[] shape = array.shape().clone();
        shape[0] = end - first;
        return rows.reshape(shape);
    }
}
