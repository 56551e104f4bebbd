package io.github.skydl4j.bert;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link BertIntermediate}. */
@SuppressWarnings("overrides") // setInputs of DL4J\'s BaseGraphVertex lacks the dots of its interface
final class IntermediateVertex extends BertUnitVertex {
    private static final long serialVersionUID = 1L;

    private final int width;
    private transient @Nullable INDArray slope;

    IntermediateVertex(BertIntermediate unit, Placement placement, @Nullable INDArray parameterView) {
        super(unit, placement, parameterView);
        this.width = unit.config().intermediateSize();
    }

    @Override
    INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray hidden = input(0);
        INDArray x = tokens(hidden);
        INDArray dense = buffer("slope", x.rows(), width);
        slope = dense;
        INDArray activations = activations(workspaces, hidden.size(0), hidden.size(1), width);
        kernels.multiply(x, parameter(BertIntermediate.WEIGHT), dense);
        kernels.gelu(dense, parameter(BertIntermediate.BIAS), tokens(activations));
        return activations;
    }

    @Override
    @Nullable
    INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces) {
        INDArray hidden = input(0);
        INDArray x = tokens(hidden);
        INDArray hiddenError = error(workspaces, 0, hidden.shape());
        INDArray denseError = scratch("denseError", x.rows(), width);
        kernels.copy(tokens(error), denseError);
        kernels.geluBackward(kept(slope), denseError, gradient(BertIntermediate.BIAS));
        kernels.multiply(x, true, denseError, false, gradient(BertIntermediate.WEIGHT), 0);
        kernels.multiply(denseError, false, parameter(BertIntermediate.WEIGHT), true, tokens(hiddenError), 0);
        return new @Nullable INDArray[] {hiddenError};
    }

    @Override
    void release() {
        slope = null;
    }
}
