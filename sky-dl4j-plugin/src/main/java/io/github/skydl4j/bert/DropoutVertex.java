package io.github.skydl4j.bert;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link BertDropout}. */
@SuppressWarnings("overrides") // setInputs of DL4J's BaseGraphVertex lacks the dots of its interface
final class DropoutVertex extends BertUnitVertex {
    private static final long serialVersionUID = 1L;

    private final double rate;
    private transient Dropout dropout = Dropout.NONE;

    DropoutVertex(BertDropout unit, Placement placement, @Nullable INDArray parameterView) {
        super(unit, placement, parameterView);
        this.rate = unit.config().classifierDropout();
    }

    @Override
    INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray hidden = input(0);
        dropout = dropout(rate, 0, training);
        INDArray activations = activations(workspaces, hidden.shape()).assign(hidden);
        kernels.dropout(tokens(activations), hidden.size(0), dropout);
        return activations;
    }

    @Override
    @Nullable
    INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces) {
        INDArray hiddenError = error(workspaces, 0, error.shape()).assign(error);
        kernels.dropout(tokens(hiddenError), error.size(0), dropout);
        return new @Nullable INDArray[] {hiddenError};
    }

    @Override
    void release() {
        // Dropout keeps no arrays.
    }
}
