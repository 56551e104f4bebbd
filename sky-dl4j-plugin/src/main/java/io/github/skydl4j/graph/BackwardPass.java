package io.github.skydl4j.graph;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Takes one micro-batch backward through a stage: vertices in reverse topological order, the gradients of a tensor with
 * several consumers added from the last consumer to the first, in place, as the whole graph does. Consumers in later
 * stages come first, since theirs is the gradient that arrives from outside.
 */
final class BackwardPass {
    private final StageGraph stage;
    private final GraphVertex[] vertices;
    private final MicroBatch microBatch;
    private final LayerWorkspaceMgr workspaces;
    private final @Nullable UnitObserver observer;
    private final boolean[] hasEpsilon;
    private final ArrayDeque<Gradient> gradients = new ArrayDeque<>();

    BackwardPass(
            StageGraph stage, MicroBatch microBatch, LayerWorkspaceMgr workspaces, @Nullable UnitObserver observer) {
        this.stage = stage;
        this.vertices = stage.getVertices();
        this.microBatch = microBatch;
        this.workspaces = workspaces;
        this.observer = observer;
        this.hasEpsilon = new boolean[vertices.length];
    }

    /** Returns the gradients of the tensors that the stage received, those it only relays included. */
    Map<String, INDArray> run(Map<String, INDArray> epsilons) {
        Map<String, INDArray> passed = new LinkedHashMap<>();
        epsilons.forEach((tensor, epsilon) -> {
            GraphVertex vertex = stage.getVertex(tensor);
            if (vertex == null) {
                passed.put(tensor, epsilon);
            } else {
                addEpsilon(vertex, epsilon);
            }
        });
        if (observer != null) {
            observer.passBegun();
        }
        int[] order = stage.order();
        for (int i = order.length - 1; i >= 0; i--) {
            GraphVertex vertex = vertices[order[i]];
            if (!vertex.isInputVertex() && !GraphSupport.isFrozen(vertex)) {
                backward(vertex);
            }
        }
        for (String tensor : stage.spec().received()) {
            GraphVertex vertex = stage.getVertex(tensor);
            if (vertex != null && vertex.getEpsilon() != null) {
                passed.put(tensor, vertex.getEpsilon());
            }
        }
        return passed;
    }

    /** All parameters' gradients by name, over the stage's flat gradient array. */
    Gradient gradient() {
        Gradient whole = new StageGradient(stage.getFlattenedGradients());
        for (Gradient part : gradients) {
            part.gradientForVariable()
                    .forEach((name, array) -> whole.setGradientFor(name, array, part.flatteningOrderForVariable(name)));
        }
        return whole;
    }

    private void backward(GraphVertex vertex) {
        IOutputLayer loss = GraphSupport.outputLayer(vertex);
        if (loss != null && stage.spec().outputs().contains(vertex.getVertexName())) {
            loss.setLabels(microBatch.labels().get(vertex.getVertexName()));
        }
        Pair<Gradient, INDArray[]> result = vertex.doBackward(false, workspaces);
        VertexIndices[] inputs = vertex.getInputVertices();
        for (int i = 0; inputs != null && i < inputs.length; i++) {
            addEpsilon(vertices[inputs[i].getVertexIndex()], result.getSecond()[i]);
        }
        if (result.getFirst() != null) {
            gradients.addFirst(named(vertex.getVertexName(), result.getFirst()));
        }
        if (observer != null) {
            observer.backwardDone(vertex.getVertexName());
        }
    }

    private void addEpsilon(GraphVertex vertex, @Nullable INDArray epsilon) {
        int index = vertex.getVertexIndex();
        INDArray sum = hasEpsilon[index] ? vertex.getEpsilon() : null;
        if (epsilon != null) {
            vertex.setEpsilon(sum == null ? epsilon : sum.addi(epsilon));
        }
        hasEpsilon[index] = true;
    }

    private static Gradient named(String vertex, Gradient gradient) {
        Gradient named = new DefaultGradient();
        gradient.gradientForVariable().forEach((name, array) -> {
            named.setGradientFor(vertex + "_" + name, array, gradient.flatteningOrderForVariable(name));
        });
        return named;
    }
}
