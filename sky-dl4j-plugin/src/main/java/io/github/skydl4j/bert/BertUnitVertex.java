package io.github.skydl4j.bert;

import java.util.ArrayList;
import java.util.List;
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
 * the batch. It returns an error for each input, null for inputs that are data. What the backward needs of the forward is
 * kept off-heap from a training forward until {@link #clear()}, or longer in a graph whose memory is used again, see
 * {@link BertArrays}. Confined to the stage thread.
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
    private transient boolean activationsStay;
    private final transient List<INDArray> temporary = new ArrayList<>();

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

    /** Forgets what the forward kept. */
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

    final TrainingSettings settings() {
        return training.settings();
    }

    /** {@code [batch, time, size]} as a matrix with one row a token. */
    final INDArray tokens(INDArray array) {
        return arrays == null ? BertArrays.matrix(array) : arrays.tokens(array);
    }

    /** An input in c order and of the network's type. */
    final INDArray input(int number) {
        return contiguous(inputs[number].castTo(dataType));
    }

    /**
     * A detached matrix of undefined content, good until the next forward or {@link #clear()}.
     *
     * @param use names it among this vertex's matrices
     */
    final INDArray buffer(String use, long rows, long columns) {
        if (arrays != null) {
            return arrays.get(vertexName + "/" + use, dataType, rows, columns);
        }
        INDArray made = Nd4j.createUninitialized(dataType, new long[] {rows, columns}, 'c');
        temporary.add(made);
        return made;
    }

    /** As {@link #buffer}, but good only until this vertex returns: the vertices of all micro-batches share it. */
    final INDArray scratch(String use, long rows, long columns) {
        return arrays == null
                ? buffer(use, rows, columns)
                : arrays.shared().get(getClass().getSimpleName() + "/" + use, dataType, rows, columns);
    }

    final INDArray activations(LayerWorkspaceMgr workspaces, long... shape) {
        return arrays != null && activationsStay
                ? arrays.get(vertexName + "/activations", dataType, shape)
                : workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
    }

    /** An array for the error of an input. */
    final INDArray error(LayerWorkspaceMgr workspaces, int input, long... shape) {
        boolean stays = !graph.getVertices()[inputVertices[input].getVertexIndex()].isInputVertex();
        return arrays != null && stays
                ? arrays.shared().get(vertexName + "/error" + input, dataType, shape)
                : workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, shape, 'c');
    }

    /** Uses memory again; see {@link BertArrays#manage}. */
    final void manage(BertArrays graphArrays, boolean stays) {
        arrays = graphArrays;
        activationsStay = stays;
    }

    private void releaseAll() {
        release();
        temporary.forEach(INDArray::close);
        temporary.clear();
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
            releaseAll();
            INDArray activations = forward(training, workspaces);
            if (!training) {
                releaseAll();
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
    public TrainingConfig getConfig() {
        return training;
    }

    @Override
    public final void clear() {
        super.clear();
        releaseAll();
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
