package io.github.skydl4j.samples;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.Worker;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.listeners.ScoreIterationListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * Trains a graph of stock DL4J layers, with a skip connection, on three unequal workers to tell {@link Flowers} apart.
 */
public final class TrainAnyGraph {
    private TrainAnyGraph() {}

    public static void main(String[] args) {
        ComputationGraph network = network();
        network.setListeners(new ScoreIterationListener(100));
        try (SkyTrainer trainer = SkyTrainer.builder(network)
                .workers(
                        Worker.named("fast"),
                        Worker.named("slow").withSlowdown(1),
                        Worker.named("slowest").withSlowdown(3))
                .microBatches(4)
                .build()) {
            trainer.fit(Flowers.drawn(1200, 32, 1), 10);
            System.out.println(trainer.evaluate(Flowers.drawn(300, 32, 2)).stats());
            for (TrainingReport.Stage stage : trainer.report().stages()) {
                System.out.printf(
                        "%-8s units [%d, %d), busy %.0f %%%n",
                        stage.worker(), stage.firstUnit(), stage.endUnit(), 100 * stage.busy());
            }
        }
    }

    private static ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .l2(1e-4)
                .activation(Activation.RELU)
                .graphBuilder()
                .addInputs("measures")
                .addLayer("wide", new DenseLayer.Builder().nIn(4).nOut(64).build(), "measures")
                .addLayer("norm", new BatchNormalization.Builder().nOut(64).build(), "wide")
                .addLayer("deep", new DenseLayer.Builder().nIn(64).nOut(32).build(), "norm")
                .addVertex("both", new MergeVertex(), "deep", "measures")
                .addLayer(
                        "kind",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(36)
                                .nOut(3)
                                .build(),
                        "both")
                .setOutputs("kind")
                .build());
        network.init();
        return network;
    }
}
