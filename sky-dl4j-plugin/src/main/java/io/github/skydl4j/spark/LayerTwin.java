package io.github.skydl4j.spark;

import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A {@code MultiLayerNetwork} and the graph of the same layers that is trained in its place. Parameters and updater state
 * have the same layout in both.
 */
record LayerTwin(MultiLayerNetwork network, ComputationGraph graph) {
    static LayerTwin of(MultiLayerNetwork network) {
        return new LayerTwin(network, network.toComputationGraph());
    }

    /** Whether this is that very network, not one of the same layers and parameters. */
    @SuppressWarnings("ReferenceEquality")
    boolean isOf(MultiLayerNetwork other) {
        return network == other;
    }

    /** Gives the graph what the network has learned elsewhere since. */
    void toGraph() {
        graph.params().assign(network.params());
        INDArray state = network.getUpdater().getStateViewArray();
        if (state != null) {
            graph.getUpdater().getStateViewArray().assign(state);
        }
        graph.getConfiguration().setIterationCount(network.getIterationCount());
        graph.getConfiguration().setEpochCount(network.getEpochCount());
    }

    /** Gives the network what the graph has learned. The epoch count is the facade's to raise. */
    void toNetwork() {
        network.params().assign(graph.params());
        INDArray state = graph.getUpdater().getStateViewArray();
        if (state != null) {
            network.getUpdater().getStateViewArray().assign(state);
        }
        network.getLayerWiseConfigurations().setIterationCount(graph.getIterationCount());
        network.setScore(graph.score());
    }
}
