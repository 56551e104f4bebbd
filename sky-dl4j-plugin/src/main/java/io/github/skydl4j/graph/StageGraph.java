package io.github.skydl4j.graph;

import io.github.skydl4j.bert.BertArrays;
import io.github.skydl4j.bert.TiedTables;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A run of units as a graph of its own that can be driven forward and backward one micro-batch at a time.
 *
 * <p>DL4J's own forward and backward loops are not used: they cannot take a gradient for an output that is also consumed
 * inside, nor a loss beside such an output, nor hand out the gradient of an input. The loops here visit the same vertices
 * in the same order and add gradients in the same order as the whole graph does, so that a step through stages gives the
 * whole graph's numbers bit for bit.
 *
 * <p>Confined to the thread that drives the stage. One instance holds the activations of one micro-batch; {@link
 * #replica()} makes another that shares parameters and gradients.
 */
public final class StageGraph extends ComputationGraph {
    private static final long serialVersionUID = 1L;

    private final transient StageSpec spec;
    private final transient LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
    private transient @Nullable MicroBatch current;
    private transient Map<String, BoundaryTensor> relayed = Map.of();
    private transient INDArray[] inputMasks = new INDArray[0];
    private transient boolean hasInputMasks;
    private transient @Nullable UnitObserver observer;
    private transient @Nullable BertArrays arrays;
    private transient @Nullable WordPart words;

    StageGraph(ComputationGraphConfiguration configuration, StageSpec spec) {
        super(configuration);
        this.spec = spec;
    }

    /** What this stage takes and gives. */
    public StageSpec spec() {
        return spec;
    }

    /** Whether this stage computes a part of the loss, and so needs labels. */
    public boolean hasLoss() {
        return !spec.outputs().isEmpty();
    }

    /** A graph with this one's parameters and gradients, and room for the activations of another micro-batch. */
    public StageGraph replica() {
        ComputationGraphConfiguration copy = configuration.clone();
        copy.setTopologicalOrder(configuration.getTopologicalOrder());
        copy.setTopologicalOrderStr(configuration.getTopologicalOrderStr());
        copy.setIterationCount(configuration.getIterationCount());
        copy.setEpochCount(configuration.getEpochCount());
        StageGraph replica = new StageGraph(copy, spec);
        replica.arrays = arrays;
        replica.initWith(numParams() == 0 ? Nd4j.empty(copy.getDataType()) : flattenedParams);
        for (String unit : spec.units()) {
            if (GraphSupport.isFrozen(getVertex(unit)) && !GraphSupport.isFrozen(replica.getVertex(unit))) {
                replica.getVertex(unit).setLayerAsFrozen();
            }
        }
        replica.useGradients(flattenedGradients);
        if (words != null) {
            words.shareWith(replica);
        }
        return replica;
    }

    /** Sets the counts that schedules and updaters read. */
    public void setCounts(int iteration, int epoch) {
        configuration.setIterationCount(iteration);
        configuration.setEpochCount(epoch);
        synchronizeIterEpochCounts();
    }

    /** Has units reported as they are done. */
    public void observe(UnitObserver newObserver) {
        observer = newObserver;
    }

    /**
     * Runs a micro-batch forward in training mode and keeps what the backward needs.
     *
     * @param received the tensors of {@link StageSpec#received()}
     * @return the tensors of {@link StageSpec#sent()}, in that order
     */
    public Map<String, BoundaryTensor> forward(MicroBatch microBatch, Map<String, BoundaryTensor> received) {
        return run(microBatch, received, true, new HashMap<>());
    }

    /**
     * Runs a micro-batch forward in inference mode; nothing is kept.
     *
     * @param outputs receives the activations of the network outputs in this stage
     */
    public Map<String, BoundaryTensor> infer(
            MicroBatch microBatch, Map<String, BoundaryTensor> received, Map<String, INDArray> outputs) {
        Map<String, BoundaryTensor> sent = run(microBatch, received, false, outputs);
        release();
        return sent;
    }

    /**
     * Runs the micro-batch of the last {@link #forward} backward. The gradient view then holds this micro-batch's
     * gradients, summed over its examples.
     *
     * @param epsilons dL/d(tensor) for each of {@link StageSpec#sent()}; a tensor that leads only into frozen layers has
     *     none. The arrays belong to this stage from now on and may be changed.
     * @return dL/d(tensor) for each of {@link StageSpec#received()} that has one; the arrays belong to the caller
     */
    public Map<String, INDArray> backward(Map<String, INDArray> epsilons) {
        BackwardPass pass = new BackwardPass(this, current(), workspaces, observer);
        Map<String, INDArray> passed = pass.run(epsilons);
        gradient = pass.gradient();
        return passed;
    }

    /**
     * The loss of the micro-batch of the last {@link #backward}, summed over its examples (over everything when the
     * configuration has {@code miniBatch(false)}), without regularization; 0 for a stage without a loss.
     */
    public double lossSum() {
        double sum = 0;
        MicroBatch microBatch = current();
        for (String output : spec.outputs()) {
            GraphVertex vertex = getVertex(output);
            IOutputLayer layer = Objects.requireNonNull(GraphSupport.outputLayer(vertex));
            layer.setMaskArray(microBatch.labelMasks().get(output));
            double score = layer.computeScore(0, true, workspaces);
            sum += conf().isMiniBatch() ? score * microBatch.rows() : score;
        }
        return sum;
    }

    /** Drops the activations of the micro-batch. */
    public void release() {
        for (GraphVertex vertex : vertices) {
            vertex.clear();
        }
        clearLayerMaskArrays();
        setInputs((INDArray[]) null);
        relayed = Map.of();
        current = null;
    }

    /**
     * Does what {@code fit} does with a finished gradient: the updater, the step, the constraints. The iteration count
     * goes up by one.
     *
     * @param rows examples of the whole batch
     */
    public void applyUpdate(int rows) {
        if (numParams() > 0) {
            int iteration = configuration.getIterationCount();
            int epoch = configuration.getEpochCount();
            getUpdater().update(gradient(), iteration, epoch, rows, workspaces);
            INDArray steps = flattenedGradients.reshape(flattenedGradients.length());
            if (words == null) {
                params().subi(steps);
            } else {
                words.step(params(), steps, conf().isMiniBatch() ? rows : 1, iteration, epoch);
            }
            configuration.setIterationCount(iteration + 1);
            applyConstraints(iteration, configuration.getEpochCount());
        } else {
            configuration.setIterationCount(configuration.getIterationCount() + 1);
        }
    }

    /**
     * Views of those gradients that are no gradients but updates, which DL4J does not divide by the batch (running
     * statistics of batch normalization). They are averaged over micro-batches where true gradients are summed.
     */
    public List<INDArray> averagedGradients(INDArray flat) {
        List<INDArray> views = new ArrayList<>();
        long offset = 0;
        for (int index : topologicalOrder) {
            for (Map.Entry<String, INDArray> entry :
                    parameterTable(vertices[index]).entrySet()) {
                long end = offset + entry.getValue().length();
                boolean ofWords = words != null && words.isOf(vertices[index].getVertexName());
                if (!ofWords && !vertices[index].updaterDivideByMinibatch(entry.getKey())) {
                    views.add(flat.reshape(flat.length()).get(NDArrayIndex.interval(offset, end)));
                }
                offset = end;
            }
        }
        return views;
    }

    /** The word embeddings' part of the flat gradient; empty where the stage has no word embeddings. */
    public Optional<WordPart> words() {
        return Optional.ofNullable(words);
    }

    /**
     * Gives the copies of a masked language model's word table that are in this stage the sum of both copies' gradients.
     *
     * @param other the gradient of the copy that is in another stage; null where both are here, or none
     */
    public void addTiedGradient(@Nullable INDArray other) {
        List<INDArray> copies = tiedGradients();
        if (copies.isEmpty()) {
            return;
        }
        TiedTables.add(copies.get(0), other == null ? copies.get(1) : other);
        for (INDArray copy : copies.subList(1, copies.size())) {
            copy.assign(copies.get(0));
        }
        if (words != null) {
            words.gradient().rows().addAll();
        }
    }

    /** The gradients of the copies of a masked language model's word table in this stage: none, one or two. */
    public List<INDArray> tiedGradients() {
        return TiedTables.gradients(this);
    }

    /** Examples in the micro-batch, which preprocessors ask for; a boundary tensor may have more rows than that. */
    @Override
    public int batchSize() {
        return current().rows();
    }

    /** All parameters; DL4J counts those of layers only, but vertices may have some too. */
    @Override
    public long numParams(boolean backwards) {
        return flattenedParams == null ? 0 : flattenedParams.length();
    }

    @Override
    public INDArray[] getInputMaskArrays() {
        return hasInputMasks ? inputMasks : super.getInputMaskArrays();
    }

    @Override
    public void clearLayerMaskArrays() {
        super.clearLayerMaskArrays();
        hasInputMasks = false;
    }

    void initWith(INDArray parameters) {
        if (parameters.isEmpty()) {
            init();
        } else {
            init(parameters, false);
        }
        for (Layer layer : layers) {
            // A neighbour may read what this layer takes in.
            layer.allowInputModification(false);
        }
        Set<String> leaving = Set.copyOf(spec.sent());
        if (arrays == null) {
            arrays = BertArrays.manage(this, leaving);
        } else {
            arrays.manageReplica(this, leaving);
        }
        TiedTables.defer(this);
    }

    void followWords() {
        words = WordPart.follow(this).orElse(null);
    }

    void useGradients(INDArray view) {
        if (view.isEmpty() || numParams() == 0) {
            initGradientsView();
            return;
        }
        flattenedGradients = view;
        long offset = 0;
        INDArray flat = view.reshape(view.length());
        for (int index : topologicalOrder) {
            long length = vertices[index].numParams();
            if (length > 0) {
                vertices[index].setBackpropGradientsViewArray(flat.get(NDArrayIndex.interval(offset, offset + length)));
            }
            offset += length;
        }
    }

    private MicroBatch current() {
        if (current == null) {
            throw new IllegalStateException("no micro-batch is in this stage graph: forward comes first");
        }
        return current;
    }

    private Map<String, BoundaryTensor> run(
            MicroBatch microBatch,
            Map<String, BoundaryTensor> received,
            boolean training,
            Map<String, INDArray> outputs) {
        current = microBatch;
        relayed = received;
        setInputs(inputs(microBatch, received));
        synchronizeIterEpochCounts();
        Map<String, Pair<INDArray, MaskState>> masks = setMasks(microBatch, received);
        Map<String, BoundaryTensor> sent = new LinkedHashMap<>();
        if (observer != null) {
            observer.passBegun();
        }
        for (int index : topologicalOrder) {
            GraphVertex vertex = vertices[index];
            if (training && isLoss(vertex)) {
                continue;
            }
            INDArray activations = vertex.isInputVertex() ? getInputs()[index] : vertex.doForward(training, workspaces);
            if (vertex.getOutputVertices() != null) {
                for (VertexIndices to : vertex.getOutputVertices()) {
                    vertices[to.getVertexIndex()].setInput(to.getVertexEdgeNumber(), activations, workspaces);
                }
            }
            String name = vertex.getVertexName();
            if (observer != null && !vertex.isInputVertex()) {
                observer.forwardDone(name, activations);
            }
            if (spec.sent().contains(name) && !vertex.isInputVertex()) {
                sent.put(name, new BoundaryTensor(activations, masks.get(name)));
            }
            if (spec.outputs().contains(name)) {
                outputs.put(name, activations);
            }
        }
        return inOrder(sent);
    }

    private Map<String, BoundaryTensor> inOrder(Map<String, BoundaryTensor> made) {
        Map<String, BoundaryTensor> ordered = new LinkedHashMap<>();
        for (String tensor : spec.sent()) {
            BoundaryTensor own = made.get(tensor);
            ordered.put(tensor, own != null ? own : Objects.requireNonNull(relayed.get(tensor)));
        }
        return ordered;
    }

    private INDArray[] inputs(MicroBatch microBatch, Map<String, BoundaryTensor> received) {
        List<String> names = configuration.getNetworkInputs();
        INDArray[] arrays = new INDArray[names.size()];
        for (int i = 0; i < arrays.length; i++) {
            BoundaryTensor tensor = received.get(names.get(i));
            INDArray array = tensor != null
                    ? tensor.activations()
                    : microBatch.features().get(names.get(i));
            if (array == null) {
                throw new IllegalArgumentException("no array was given for input \"" + names.get(i) + "\"");
            }
            arrays[i] = array;
        }
        return arrays;
    }

    /** Hands masks from unit to unit as the whole graph does, and sets those of the labels. */
    private Map<String, Pair<INDArray, MaskState>> setMasks(
            MicroBatch microBatch, Map<String, BoundaryTensor> received) {
        clearLayerMaskArrays();
        Map<String, Pair<INDArray, MaskState>> masks = new HashMap<>();
        if (microBatch.masked()) {
            masks.putAll(MaskFlow.run(this, microBatch, received));
        }
        for (String output : spec.outputs()) {
            INDArray mask = microBatch.labelMasks().get(output);
            if (mask != null) {
                getVertex(output).getLayer().setMaskArray(mask);
            }
        }
        return masks;
    }

    void useInputMasks(INDArray[] masks) {
        inputMasks = masks;
        hasInputMasks = true;
    }

    int[] order() {
        return topologicalOrder;
    }

    private static boolean isLoss(GraphVertex vertex) {
        return vertex.isOutputVertex() && GraphSupport.outputLayer(vertex) != null;
    }

    private static Map<String, INDArray> parameterTable(GraphVertex vertex) {
        Map<String, INDArray> table = vertex.paramTable(false);
        return table == null ? Map.of() : table;
    }
}
