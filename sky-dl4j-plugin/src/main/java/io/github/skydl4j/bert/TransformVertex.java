package io.github.skydl4j.bert;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link BertTransform}. */
@SuppressWarnings("overrides") // setInputs of DL4J's BaseGraphVertex lacks the dots of its interface
final class TransformVertex extends BertUnitVertex {
    private static final long serialVersionUID = 1L;

    private final transient NormedSum sum;
    private transient @Nullable INDArray slope;

    TransformVertex(BertTransform unit, Placement placement, @Nullable INDArray parameterView) {
        super(unit, placement, parameterView);
        this.sum = new NormedSum(this, unit.config().layerNormEpsilon());
    }

    @Override
    INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray hidden = input(0);
        INDArray x = tokens(hidden);
        INDArray dense = buffer("slope", x.rows(), x.columns());
        INDArray gelu = buffer("gelu", x.rows(), x.columns());
        slope = dense;
        kernels.multiply(x, parameter(NormedSum.DENSE_WEIGHT), dense);
        kernels.gelu(dense, parameter(NormedSum.DENSE_BIAS), gelu);
        INDArray activations = activations(workspaces, hidden.shape());
        sum.normalize(gelu, tokens(activations));
        return activations;
    }

    @Override
    @Nullable
    INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces) {
        INDArray x = tokens(input(0));
        INDArray denseError = scratch("denseError", x.rows(), x.columns());
        INDArray hiddenError = error(workspaces, 0, error.shape());
        sum.normalizeBackward(tokens(error), denseError);
        kernels.geluBackward(kept(slope), denseError, gradient(NormedSum.DENSE_BIAS));
        kernels.multiply(x, true, denseError, false, gradient(NormedSum.DENSE_WEIGHT), 0);
        kernels.multiply(denseError, false, parameter(NormedSum.DENSE_WEIGHT), true, tokens(hiddenError), 0);
        return new @Nullable INDArray[] {hiddenError};
    }

    @Override
    void release() {
        sum.release();
        slope = null;
    }
}
