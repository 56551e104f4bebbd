package io.github.skydl4j.bert;

import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Runs a {@link BertOutput}. */
@SuppressWarnings("overrides") // setInputs of DL4J\'s BaseGraphVertex lacks the dots of its interface
final class OutputUnitVertex extends BertUnitVertex {
    private static final long serialVersionUID = 1L;

    private final transient NormedSum sum;
    private final double dropout;

    OutputUnitVertex(BertOutput unit, Placement placement, @Nullable INDArray parameterView) {
        super(unit, placement, parameterView);
        this.dropout = unit.config().hiddenDropout();
        this.sum = new NormedSum(this, unit.config().layerNormEpsilon());
    }

    @Override
    INDArray forward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray residual = input(1);
        INDArray activations = activations(workspaces, residual.shape());
        sum.forward(
                tokens(input(0)),
                tokens(residual),
                tokens(activations),
                dropout(dropout, 0, training),
                residual.size(0));
        return activations;
    }

    @Override
    @Nullable
    INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces) {
        INDArray intermediate = input(0);
        INDArray intermediateError = error(workspaces, 0, intermediate.shape());
        INDArray residualError = error(workspaces, 1, error.shape());
        sum.backward(tokens(error), tokens(intermediate), tokens(intermediateError), tokens(residualError));
        return new @Nullable INDArray[] {intermediateError, residualError};
    }

    @Override
    void release() {
        sum.release();
    }
}
