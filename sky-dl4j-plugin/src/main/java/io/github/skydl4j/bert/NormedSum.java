package io.github.skydl4j.bert;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The end of an attention and of a block: dense layer, dropout, residual, layer norm.
 *
 * <p>Keeps the normalized sum from forward to {@link #release()}. Confined to the thread of its vertex.
 */
final class NormedSum {
    static final String DENSE_WEIGHT = "denseW";
    static final String DENSE_BIAS = "denseB";
    static final String GAIN = "normGain";
    static final String BIAS = "normBias";

    private final BertUnitVertex vertex;
    private final Kernels kernels;
    private final double epsilon;
    private @Nullable Kept kept;

    private record Kept(INDArray normalized, INDArray inverseDeviation, Dropout dropout, long examples) {}

    NormedSum(BertUnitVertex vertex, double epsilon) {
        this.vertex = vertex;
        this.kernels = vertex.kernels;
        this.epsilon = epsilon;
    }

    /** {@code result = norm(dropout(x · W + b) + residual)}, on the rows of a number of examples. */
    void forward(INDArray x, INDArray residual, INDArray result, Dropout dropout, long examples) {
        INDArray sum = vertex.buffer("sum", x.rows(), residual.columns());
        kernels.multiply(x, vertex.parameter(DENSE_WEIGHT), sum);
        kernels.addBias(sum, vertex.parameter(DENSE_BIAS));
        kernels.dropout(sum, examples, dropout);
        kernels.add(sum, residual);
        normalize(sum, result, dropout, examples);
    }

    /** {@code result = norm(sum)}; keeps the sum, changed. */
    void normalize(INDArray sum, INDArray result) {
        normalize(sum, result, Dropout.NONE, 1);
    }

    private void normalize(INDArray sum, INDArray result, Dropout dropout, long examples) {
        INDArray inverseDeviation = vertex.buffer("inverseDeviation", sum.rows(), 1);
        kept = new Kept(sum, inverseDeviation, dropout, examples);
        kernels.layerNorm(sum, vertex.parameter(GAIN), vertex.parameter(BIAS), epsilon, inverseDeviation, result);
    }

    /** Writes all gradients and both errors. */
    void backward(INDArray error, INDArray x, INDArray xError, INDArray residualError) {
        normalizeBackward(error, residualError);
        Kept state = vertex.kept(kept);
        if (state.dropout.none()) {
            denseBackward(residualError, x, xError);
        } else {
            INDArray denseError = vertex.scratch("denseError", residualError.rows(), residualError.columns());
            kernels.copy(residualError, denseError);
            kernels.dropout(denseError, state.examples, state.dropout);
            denseBackward(denseError, x, xError);
        }
    }

    private void denseBackward(INDArray denseError, INDArray x, INDArray xError) {
        kernels.columnSums(denseError, vertex.gradient(DENSE_BIAS));
        kernels.multiply(x, true, denseError, false, vertex.gradient(DENSE_WEIGHT), 0);
        kernels.multiply(denseError, false, vertex.parameter(DENSE_WEIGHT), true, xError, 0);
    }

    /** Writes the gradients of the norm and the error of the sum. */
    void normalizeBackward(INDArray error, INDArray sumError) {
        Kept state = vertex.kept(kept);
        kernels.layerNormBackward(
                error,
                new Kernels.Normalized(state.normalized, state.inverseDeviation, vertex.parameter(GAIN)),
                new Kernels.LayerNormGradients(vertex.gradient(GAIN), vertex.gradient(BIAS)),
                sumError);
    }

    void release() {
        kept = null;
    }
}
