package io.github.skydl4j.graph;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A part of what training changes: one parameter of a unit, or one section of its updater state (Adam has two).
 *
 * @param section {@link #PARAMETER}, or the number of the updater's section from 0
 * @param values a flat view of the graph's own memory
 */
public record StatePiece(String unit, String parameter, int section, INDArray values) {
    /** The section of the parameter itself. */
    public static final int PARAMETER = -1;

    /** Checks the section. */
    public StatePiece {
        if (section < PARAMETER) {
            throw new IllegalArgumentException("section " + section + " of " + unit + "/" + parameter);
        }
    }
}
