package io.github.skydl4j.bert;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.strict.Tanh;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Runs a {@link BertPooler}. */
@SuppressWarnings("overrides") // setInputs of DL4J\'s BaseGraphVertex lacks the dots of its interface
final class PoolerVertex extends BertUnitVertex {
    private static final long serialVersionUID = 1L;

    private final double dropoutRate;
    private transient @Nullable Kept kept;

    private record Kept(INDArray first, INDArray pooled, Dropout dropout) {}

    PoolerVertex(BertPooler unit, Placement placement, @Nullable INDArray parameterView) {
        super(unit, placement, parameterView);
        this.dropoutRate = unit.config().classifierDropout();
    }

    @Override
    INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray hidden = input(0);
        INDArray first = buffer("first", hidden.size(0), hidden.size(2));
        first.assign(firstTokens(hidden));
        INDArray pooled = buffer("pooled", first.rows(), first.columns());
        Dropout dropout = dropout(dropoutRate, 0, training);
        kept = new Kept(first, pooled, dropout);
        kernels.multiply(first, parameter(BertPooler.WEIGHT), pooled);
        kernels.addBias(pooled, parameter(BertPooler.BIAS));
        Nd4j.exec(new Tanh(pooled, pooled));
        INDArray activations = activations(workspaces, pooled.shape());
        activations.assign(pooled);
        kernels.dropout(activations, activations.rows(), dropout);
        return activations;
    }

    @Override
    @Nullable
    INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces) {
        Kept state = kept(kept);
        INDArray hiddenError = error(workspaces, 0, inputs[0].shape()).assign(0);
        INDArray denseError = scratch("denseError", error.rows(), error.columns());
        INDArray firstError = scratch("firstError", error.rows(), error.columns());
        denseError.assign(state.pooled).muli(state.pooled).rsubi(1).muli(error);
        kernels.dropout(denseError, error.rows(), state.dropout);
        kernels.columnSums(denseError, gradient(BertPooler.BIAS));
        kernels.multiply(state.first, true, denseError, false, gradient(BertPooler.WEIGHT), 0);
        kernels.multiply(denseError, false, parameter(BertPooler.WEIGHT), true, firstError, 0);
        firstTokens(hiddenError).assign(firstError);
        return new @Nullable INDArray[] {hiddenError};
    }

    private static INDArray firstTokens(INDArray hidden) {
        return hidden.get(NDArrayIndex.all(), NDArrayIndex.point(0), NDArrayIndex.all());
    }

    @Override
    void release() {
        kept = null;
    }
}
