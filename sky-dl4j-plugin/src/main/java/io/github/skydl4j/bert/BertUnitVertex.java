package io.github.skydl4j.bert;

import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A vertex with parameters and hand-written forward and backward.
 *
 * <p>Backward writes (never adds) the sums of the examples' gradients into the gradient view; DL4J's updater divides by
 * the batch. The errors it returns are new arrays, one for each input, null for inputs that are data. What the backward
 * needs of the forward is kept off-heap from a training forward until {@link #clear()}. Confined to the stage thread.
 */
@SuppressWarnings("overrides") // setInputs of DL4J\'s BaseGraphVertex lacks the dots of its interface
abstract class BertUnitVertex extends BaseGraphVertex {
    private static final long serialVersionUID = 1L;

    /** Where in which graph a vertex stands. */
    record Placement(ComputationGraph graph, String name, int index, DataType dataType) {}

    final transient Kernels kernels;
    private final transient UnitTrainingConfig training;
    private final transient ParameterLayout layout;
    private final @Nullable INDArray parameterView;
    private final transient Map<String, INDArray> parameters;
    private transient Map<String, INDArray> gradients = Map.of();
    private @Nullable INDArray gradientView;
    private transient @Nullable BertArrays arrays;
    private transient boolean ownsActivations;
    private transient boolean wentBackward;
    private transient @Nullable INDArray ownActivations;

    BertUnitVertex(BertUnit unit, Placement placement, @Nullable INDArray parameterView) {
        super(placement.graph(), placement.name(), placement.index(), null, null, placement.dataType());
        this.kernels = KernelChoice.forType(placement.dataType());
        this.layout = unit.layout();
        this.training = new UnitTrainingConfig(placement.name(), layout, unit.training());
        this.parameterView = parameterView;
        this.parameters = parameterView == null ? Map.of() : layout.views(parameterView);
    }

    /** The activations; what backward will need is kept. Drops out only in training. */
    abstract INDArray forward(boolean training, LayerWorkspaceMgr workspaces);

    /**
     * Writes the gradients and returns the errors of the inputs.
     *
     * @param error dL/dActivations, contiguous in c order, not to be changed
     */
    abstract @Nullable INDArray[] backward(INDArray error, LayerWorkspaceMgr workspaces);

    /** Closes what the forward kept; does nothing if nothing is kept. */
    abstract void release();

    /** The dropout of one of this vertex's places in the forward that is running. */
    final Dropout dropout(double rate, int place, boolean training) {
        if (rate == 0 || !training) {
            return Dropout.NONE;
        }
        DropoutScope scope = DropoutScope.current();
        long step = scope == null ? graph.getConfiguration().getIterationCount() : scope.step();
        long first = scope == null ? 0 : scope.firstExample();
        return new Dropout(rate, Dropout.key(graph.conf().getSeed(), step, vertexName, place), first);
    }

    final INDArray parameter(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    final INDArray gradient(String name) {
        return Objects.requireNonNull(gradients.get(name), name);
    }

    /** What the forward kept, or a complaint that there was none since the last {@link #clear()}. */
    final <T> T kept(@Nullable T state) {
        if (state == null) {
            throw new IllegalStateException("vertex " + vertexName + ": backward without a training forward before it");
        }
        return state;
    }

    /** {@code [batch, time, size]} as a matrix with one row a token. */
    static INDArray tokens(INDArray array) {
        return array.reshape('c', array.size(0) * array.size(1), array.size(2));
    }

    /** An input in c order and of the network's type. */
    final INDArray input(int number) {
        return contiguous(inputs[number].castTo(dataType));
    }

    /** A new detached matrix that its user closes. */
    final INDArray buffer(long rows, long columns) {
        return Nd4j.createUninitialized(dataType, new long[] {rows, columns}, 'c');
    }

    final INDArray activations(LayerWorkspaceMgr workspaces, long... shape) {
        INDArray activations = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        if (ownsActivations) {
            ownActivations = activations;
        }
        return activations;
    }

    /** A new array for the error of an input. */
    final INDArray error(LayerWorkspaceMgr workspaces, int input, long... shape) {
        INDArray error = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, shape, 'c');
        boolean stays = !graph.getVertices()[inputVertices[input].getVertexIndex()].isInputVertex();
        if (arrays != null && stays) {
            arrays.lend(error);
        }
        return error;
    }

    /** Frees what this vertex makes; see {@link BertArrays#manage}. */
    final void manage(BertArrays graphArrays, boolean activationsStay) {
        arrays = graphArrays;
        ownsActivations = activationsStay;
    }

    private void closeActivations() {
        if (ownActivations != null) {
            ownActivations.close();
            ownActivations = null;
        }
    }

    static INDArray contiguous(INDArray array) {
        boolean contiguous = array.ordering() == 'c' && array.elementWiseStride() == 1;
        return contiguous ? array : array.dup('c');
    }

    @Override
    @SuppressWarnings("try") // the scope is closed, not used
    public final INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        if (!canDoForward()) {
            throw new IllegalStateException("vertex " + vertexName + ": inputs not set");
        }
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            release();
            closeActivations();
            wentBackward = false;
            INDArray activations = forward(training, workspaces);
            if (!training) {
                release();
            }
            return activations;
        }
    }

    @Override
    @SuppressWarnings("try") // the scope is closed, not used
    public final Pair<Gradient, INDArray[]> doBackward(boolean truncated, LayerWorkspaceMgr workspaces) {
        if (!canDoBackward()) {
            throw new IllegalStateException("vertex " + vertexName + ": inputs or error not set");
        }
        try (MemoryWorkspace outside = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
            INDArray[] errors = backward(contiguous(epsilon), workspaces);
            wentBackward = true;
            if (arrays != null) {
                arrays.used(epsilon);
            }
            return new Pair<>(gradient(), errors);
        }
    }

    private Gradient gradient() {
        Gradient gradient = new DefaultGradient(gradientView);
        gradients.forEach(gradient::setGradientFor);
        return gradient;
    }

    @Override
    public final void setBackpropGradientsViewArray(INDArray view) {
        gradientView = view;
        gradients = layout.views(view);
    }

    @Override
    public final @Nullable INDArray getGradientsViewArray() {
        return gradientView;
    }

    @Override
    public final @Nullable INDArray params() {
        return parameterView;
    }

    @Override
    public final Map<String, INDArray> paramTable(boolean backpropOnly) {
        return parameters;
    }

    @Override
    public final TrainingConfig getConfig() {
        return training;
    }

    @Override
    public final void clear() {
        super.clear();
        release();
        if (arrays != null && wentBackward) {
            closeActivations();
            arrays.closeErrors();
        }
    }

    @Override
    public final boolean hasLayer() {
        return false;
    }

    @Override
    public final @Nullable Layer getLayer() {
        return null;
    }

    /** Refuses mask arrays: BERT takes its attention mask as data, so that it crosses cuts like any activation. */
    @Override
    public final @Nullable Pair<INDArray, MaskState> feedForwardMaskArrays(
            INDArray @Nullable [] masks, MaskState state, int batch) {
        if (masks != null) {
            for (INDArray mask : masks) {
                if (mask != null) {
                    throw new IllegalArgumentException(
                            "vertex " + vertexName + " takes no DL4J mask array: give the mask as the network input \""
                                    + BertGraph.MASK + "\"");
                }
            }
        }
        return null;
    }

    @Override
    public final String toString() {
        return getClass().getSimpleName() + "(" + vertexName + ")";
    }
}
