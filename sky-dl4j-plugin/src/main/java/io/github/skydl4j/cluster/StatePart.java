package io.github.skydl4j.cluster;

import io.github.skydl4j.transport.Message;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A part of a piece of state on its way, in either direction; see {@link io.github.skydl4j.graph.StatePiece}.
 *
 * @param stream one transfer of a stage's state
 * @param length elements of the whole piece
 * @param offset where the values begin in it
 */
record StatePart(long stream, String unit, String parameter, int section, long length, long offset, INDArray values)
        implements Message {
    StatePart {
        if (offset < 0 || values.length() > length - offset) {
            throw new IllegalArgumentException(values.length() + " values at " + offset + " of " + unit + "/"
                    + parameter + ", which has " + length);
        }
    }
}
