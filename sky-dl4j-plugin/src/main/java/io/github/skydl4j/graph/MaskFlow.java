package io.github.skydl4j.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Carries mask arrays through a stage. DL4J computes the mask behind every vertex and throws it away; a stage needs those
 * of its boundary, so the same walk is done here and its results are kept.
 */
final class MaskFlow {
    private final StageGraph stage;
    private final MicroBatch microBatch;
    private final Map<String, BoundaryTensor> received;
    private final Map<Integer, Pair<INDArray, MaskState>> byIndex = new HashMap<>();

    private MaskFlow(StageGraph stage, MicroBatch microBatch, Map<String, BoundaryTensor> received) {
        this.stage = stage;
        this.microBatch = microBatch;
        this.received = received;
    }

    /** Sets the masks of the stage's layers and returns the mask behind each vertex that has one. */
    static Map<String, Pair<INDArray, MaskState>> run(
            StageGraph stage, MicroBatch microBatch, Map<String, BoundaryTensor> received) {
        return new MaskFlow(stage, microBatch, received).walk();
    }

    private Map<String, Pair<INDArray, MaskState>> walk() {
        stage.useInputMasks(inputMasks());
        Map<String, Pair<INDArray, MaskState>> byName = new HashMap<>();
        for (int index : stage.order()) {
            GraphVertex vertex = stage.getVertices()[index];
            Pair<INDArray, MaskState> mask = vertex.isInputVertex() ? maskOfInput(vertex) : maskBehind(vertex);
            if (mask != null) {
                byIndex.put(index, mask);
                byName.put(vertex.getVertexName(), mask);
            }
        }
        return byName;
    }

    private INDArray[] inputMasks() {
        List<String> inputs = stage.getConfiguration().getNetworkInputs();
        INDArray[] masks = new INDArray[inputs.size()];
        for (int i = 0; i < masks.length; i++) {
            INDArray mask = microBatch.featureMasks().get(inputs.get(i));
            if (mask != null) {
                masks[i] = mask;
            }
        }
        return masks;
    }

    private @Nullable Pair<INDArray, MaskState> maskOfInput(GraphVertex input) {
        String name = input.getVertexName();
        BoundaryTensor tensor = received.get(name);
        return tensor != null
                ? tensor.mask()
                : new Pair<>(microBatch.featureMasks().get(name), MaskState.Active);
    }

    private @Nullable Pair<INDArray, MaskState> maskBehind(GraphVertex vertex) {
        VertexIndices[] inputs = vertex.getInputVertices();
        INDArray[] masks = null;
        MaskState state = null;
        for (int i = 0; i < inputs.length; i++) {
            Pair<INDArray, MaskState> mask = byIndex.get(inputs[i].getVertexIndex());
            if (mask == null) {
                continue;
            }
            masks = masks == null ? new INDArray[inputs.length] : masks;
            masks[i] = mask.getFirst();
            state = state == null || state == MaskState.Passthrough ? mask.getSecond() : state;
        }
        return vertex.feedForwardMaskArrays(masks, state, microBatch.rows());
    }
}
