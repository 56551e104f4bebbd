package io.github.skydl4j.bert;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link BertAttention}. */
@SuppressWarnings("overrides") // setInputs of DL4J\'s BaseGraphVertex lacks the dots of its interface
final class AttentionUnitVertex extends BertUnitVertex {
    private static final long serialVersionUID = 1L;

    private final transient NormedSum sum;
    private final int heads;
    private final int headSize;
    private transient @Nullable Kept kept;

    private record Kept(AttentionShape shape, INDArray projected, INDArray probabilities, INDArray context) {}

    AttentionUnitVertex(BertAttention unit, Placement placement, INDArray parameterView) {
        super(unit, placement, parameterView);
        this.heads = unit.config().attentionHeads();
        this.headSize = unit.config().headSize();
        this.sum = new NormedSum(this, unit.config().layerNormEpsilon());
    }

    @Override
    INDArray forward(LayerWorkspaceMgr workspaces) {
        INDArray hidden = input(0);
        INDArray mask = input(1);
        AttentionShape shape = new AttentionShape(hidden.size(0), hidden.size(1), heads, headSize);
        INDArray x = tokens(hidden);
        Kept state = keep(shape);
        kernels.multiply(x, parameter(BertAttention.PROJECTION_WEIGHT), state.projected);
        kernels.addBias(state.projected, parameter(BertAttention.PROJECTION_BIAS));
        kernels.attention(shape, state.projected, mask, Dropout.NONE, state.probabilities, state.context);
        INDArray activations = activations(workspaces, hidden.shape());
        sum.forward(state.context, x, tokens(activations));
        return activations;
    }

    @Override
    @Nullable
    INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces) {
        Kept state = kept(kept);
        INDArray x = tokens(input(0));
        INDArray hiddenError = error(workspaces, error.shape());
        INDArray xError = tokens(hiddenError);
        try (INDArray contextError = buffer(x.rows(), x.columns());
                INDArray projectedError = buffer(x.rows(), 3L * x.columns())) {
            sum.backward(tokens(error), state.context, contextError, xError);
            kernels.attentionBackward(
                    state.shape, state.projected, Dropout.NONE, state.probabilities, contextError, projectedError);
            kernels.columnSums(projectedError, gradient(BertAttention.PROJECTION_BIAS));
            kernels.multiply(x, true, projectedError, false, gradient(BertAttention.PROJECTION_WEIGHT), 0);
            kernels.multiply(projectedError, false, parameter(BertAttention.PROJECTION_WEIGHT), true, xError, 1);
        }
        return new @Nullable INDArray[] {hiddenError, null};
    }

    private Kept keep(AttentionShape shape) {
        Kept state = new Kept(
                shape,
                buffer(shape.tokens(), 3 * shape.hidden()),
                buffer(shape.tokens() * shape.heads(), shape.time()),
                buffer(shape.tokens(), shape.hidden()));
        kept = state;
        return state;
    }

    @Override
    void release() {
        sum.release();
        if (kept != null) {
            kept.projected.close();
            kept.probabilities.close();
            kept.context.close();
            kept = null;
        }
    }
}
