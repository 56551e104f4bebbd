package io.github.skydl4j.bert;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link BertAttention}. */
@SuppressWarnings("overrides") // setInputs of DL4J\'s BaseGraphVertex lacks the dots of its interface
final class AttentionUnitVertex extends BertUnitVertex {
    private static final long serialVersionUID = 1L;

    /** Places of dropout. */
    private static final int PROBABILITIES = 0;

    private static final int DENSE = 1;

    private final transient BertConfig config;
    private final transient NormedSum sum;
    private transient @Nullable Kept kept;

    private record Kept(
            AttentionShape shape, Dropout dropout, INDArray projected, INDArray probabilities, INDArray context) {}

    AttentionUnitVertex(BertAttention unit, Placement placement, @Nullable INDArray parameterView) {
        super(unit, placement, parameterView);
        this.config = unit.config();
        this.sum = new NormedSum(this, config.layerNormEpsilon());
    }

    @Override
    INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray hidden = input(0);
        INDArray mask = input(1);
        AttentionShape shape =
                new AttentionShape(hidden.size(0), hidden.size(1), config.attentionHeads(), config.headSize());
        INDArray x = tokens(hidden);
        Kept state = keep(shape, dropout(config.attentionDropout(), PROBABILITIES, training));
        kernels.multiply(x, parameter(BertAttention.PROJECTION_WEIGHT), state.projected);
        kernels.addBias(state.projected, parameter(BertAttention.PROJECTION_BIAS));
        kernels.attention(shape, state.projected, mask, state.dropout, state.probabilities, state.context);
        INDArray activations = activations(workspaces, hidden.shape());
        Dropout dense = dropout(config.hiddenDropout(), DENSE, training);
        sum.forward(state.context, x, tokens(activations), dense, shape.batch());
        return activations;
    }

    @Override
    @Nullable
    INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces) {
        Kept state = kept(kept);
        INDArray x = tokens(input(0));
        INDArray hiddenError = error(workspaces, 0, error.shape());
        INDArray xError = tokens(hiddenError);
        INDArray contextError = scratch("contextError", x.rows(), x.columns());
        INDArray projectedError = scratch("projectedError", x.rows(), 3L * x.columns());
        sum.backward(tokens(error), state.context, contextError, xError);
        kernels.attentionBackward(
                state.shape, state.projected, state.dropout, state.probabilities, contextError, projectedError);
        kernels.columnSums(projectedError, gradient(BertAttention.PROJECTION_BIAS));
        kernels.multiply(x, true, projectedError, false, gradient(BertAttention.PROJECTION_WEIGHT), 0);
        kernels.multiply(projectedError, false, parameter(BertAttention.PROJECTION_WEIGHT), true, xError, 1);
        return new @Nullable INDArray[] {hiddenError, null};
    }

    private Kept keep(AttentionShape shape, Dropout dropout) {
        Kept state = new Kept(
                shape,
                dropout,
                buffer("projected", shape.tokens(), 3 * shape.hidden()),
                buffer("probabilities", shape.tokens() * shape.heads(), shape.time()),
                buffer("context", shape.tokens(), shape.hidden()));
        kept = state;
        return state;
    }

    @Override
    void release() {
        sum.release();
        kept = null;
    }
}
