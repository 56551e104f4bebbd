package io.github.skydl4j.graph;

import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A gradient whose flat form is the graph's own array. DL4J's updater recognises it by identity; a mere view of it, which
 * {@link DefaultGradient} hands out, is taken for a foreign gradient and sliced anew for every parameter and step.
 */
final class StageGradient extends DefaultGradient {
    private static final long serialVersionUID = 1L;

    private final INDArray flat;

    StageGradient(INDArray flat) {
        super(flat);
        this.flat = flat;
    }

    @Override
    public INDArray gradient() {
        return flat;
    }
}
