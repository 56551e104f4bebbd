package io.github.skydl4j.bert;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The end of an attention and of a block: dense layer, residual, layer norm.
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

    private record Kept(INDArray normalized, INDArray inverseDeviation) {}

    NormedSum(BertUnitVertex vertex, double epsilon) {
        this.vertex = vertex;
        this.kernels = vertex.kernels;
        this.epsilon = epsilon;
    }

    /** {@code result = norm(x · W + b + residual)}. */
    void forward(INDArray x, INDArray residual, INDArray result) {
        INDArray sum = vertex.buffer(x.rows(), residual.columns());
        kernels.multiply(x, vertex.parameter(DENSE_WEIGHT), sum);
        kernels.addBias(sum, vertex.parameter(DENSE_BIAS));
        kernels.add(sum, residual);
        normalize(sum, result);
    }

    /** {@code result = norm(sum)}; takes over the sum. */
    void normalize(INDArray sum, INDArray result) {
        INDArray inverseDeviation = vertex.buffer(sum.rows(), 1);
        kept = new Kept(sum, inverseDeviation);
        kernels.layerNorm(sum, vertex.parameter(GAIN), vertex.parameter(BIAS), epsilon, inverseDeviation, result);
    }

    /** Writes all gradients and both errors. */
    void backward(INDArray error, INDArray x, INDArray xError, INDArray residualError) {
        normalizeBackward(error, residualError);
        kernels.columnSums(residualError, vertex.gradient(DENSE_BIAS));
        kernels.multiply(x, true, residualError, false, vertex.gradient(DENSE_WEIGHT), 0);
        kernels.multiply(residualError, false, vertex.parameter(DENSE_WEIGHT), true, xError, 0);
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
        if (kept != null) {
            kept.normalized.close();
            kept.inverseDeviation.close();
            kept = null;
        }
    }
}
