package io.github.skydl4j.graph;

import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Brings what stages have learned back into the whole network. */
public final class GraphMerger {
    private GraphMerger() {}

    /**
     * Copies parameters, updater state and the iteration and epoch counts of the stages into the network. Stages with
     * {@link Storage#SHARED} have trained the network's own parameters already; for them this copies the rest.
     *
     * <p>No stage may be at work meanwhile.
     *
     * @throws IllegalArgumentException if the network has no vertex of a stage's name
     */
    public static void merge(List<StageGraph> stages, ComputationGraph network) {
        for (StageGraph stage : stages) {
            copyParameters(stage, network);
        }
        mergeUpdaterState(stages, network);
        if (!stages.isEmpty()) {
            network.getConfiguration()
                    .setIterationCount(stages.get(0).getConfiguration().getIterationCount());
            network.getConfiguration()
                    .setEpochCount(stages.get(0).getConfiguration().getEpochCount());
        }
    }

    /** Copies the updater state of the stages into the network's updater. */
    public static void mergeUpdaterState(List<StageGraph> stages, ComputationGraph network) {
        for (StageGraph stage : stages) {
            UpdaterState.copy(stage, network);
        }
    }

    /**
     * Gives the network the gradient that the stages have computed, for those who read {@code network.gradient()}. For
     * stages with {@link Storage#SHARED}, whose gradients are the network's own arrays.
     */
    public static void publishGradient(List<StageGraph> stages, ComputationGraph network) {
        Gradient whole = new DefaultGradient(network.getFlattenedGradients());
        for (StageGraph stage : stages) {
            Gradient part = stage.gradient();
            if (part != null) {
                part.gradientForVariable()
                        .forEach((name, array) ->
                                whole.setGradientFor(name, array, part.flatteningOrderForVariable(name)));
            }
        }
        network.setGradient(whole);
    }

    private static void copyParameters(StageGraph stage, ComputationGraph network) {
        for (String unit : stage.spec().units()) {
            if (network.getVertex(unit) == null) {
                throw new IllegalArgumentException("the network has no vertex \"" + unit
                        + "\": merge into the network (or a copy of the network) that was cut");
            }
            Map<String, INDArray> from = stage.getVertex(unit).paramTable(false);
            Map<String, INDArray> to = network.getVertex(unit).paramTable(false);
            if (from == null || to == null) {
                continue;
            }
            from.forEach((name, array) -> {
                INDArray target = to.get(name);
                if (target != null && target != array) {
                    target.assign(array);
                }
            });
        }
    }
}
