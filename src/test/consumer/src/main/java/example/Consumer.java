package example;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.Worker;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** A project of somebody else: learns whether two numbers have the same sign, with nothing but the dependency. */
public final class Consumer {
    private static final int EPOCHS = 30;

    public static void main(String[] args) {
        ComputationGraph network = network();
        try (SkyTrainer trainer = SkyTrainer.builder(network)
                .workers(Worker.named("fast"), Worker.named("slow").withSlowdown(1))
                .build()) {
            trainer.fit(data(1), EPOCHS);
            double accuracy = trainer.evaluate(data(2)).accuracy();
            int stages = trainer.report().stages().size();
            System.out.printf("accuracy %.3f on %d stages%n", accuracy, stages);
            if (accuracy < 0.9 || network.getEpochCount() != EPOCHS) {
                throw new IllegalStateException("not trained: accuracy " + accuracy + " after "
                        + network.getEpochCount() + " epochs");
            }
        }
    }

    private static ComputationGraph network() {
        ComputationGraph network = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(0.01))
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("numbers")
                .addLayer("first", new DenseLayer.Builder().nIn(2).nOut(16).build(), "numbers")
                .addLayer("second", new DenseLayer.Builder().nIn(16).nOut(16).build(), "first")
                .addLayer(
                        "sign",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(16)
                                .nOut(2)
                                .build(),
                        "second")
                .setOutputs("sign")
                .build());
        network.init();
        return network;
    }

    private static DataSetIterator data(long seed) {
        Random random = new Random(seed);
        List<DataSet> examples = new ArrayList<>();
        for (int i = 0; i < 512; i++) {
            float[] numbers = {random.nextFloat() * 2 - 1, random.nextFloat() * 2 - 1};
            float[] label = numbers[0] * numbers[1] > 0 ? new float[] {1, 0} : new float[] {0, 1};
            examples.add(new DataSet(
                    Nd4j.createFromArray(new float[][] {numbers}), Nd4j.createFromArray(new float[][] {label})));
        }
        return new ListDataSetIterator<>(examples, 32);
    }
}
