package io.github.skydl4j.graph;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Is told when a unit of a stage is done, on the stage thread; used to measure units. */
public interface UnitObserver {
    /** The units are about to run, forward or backward; what the stage does around them lies before and after. */
    default void passBegun() {}

    /** A unit's forward is done and its output stands at its consumers. */
    void forwardDone(String unit, INDArray output);

    /** A unit's backward is done and its gradients stand at its inputs. */
    void backwardDone(String unit);
}
