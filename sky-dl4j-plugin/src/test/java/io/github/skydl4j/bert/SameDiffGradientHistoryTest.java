package io.github.skydl4j.bert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.SelfAttentionLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/**
 * Why BERT is not built of DL4J's own attention: in 1.0.0-M2.1 every layer that runs on SameDiff returns twice the true
 * gradient. When this test fails, DL4J was fixed, and stock layers may be thought of again.
 */
class SameDiffGradientHistoryTest {
    private static final double STEP = 1e-5;

    @Test
    void stockSelfAttentionDoublesItsGradients() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new SelfAttentionLayer.Builder()
                        .nOut(4)
                        .nHeads(2)
                        .projectInput(true)
                        .build())
                .layer(new GlobalPoolingLayer())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(2)
                        .build())
                .setInputType(InputType.recurrent(3))
                .build());
        network.init();
        INDArray features = Nd4j.randn(DataType.DOUBLE, 2, 3, 5);
        DataSet data = new DataSet(features, Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}}));
        network.setInput(features);
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        double claimed = network.gradient().getGradientFor("0_Wv").dup().getDouble(0);

        INDArray weight = network.getParam("0_Wv");
        weight = weight.reshape(weight.ordering(), new long[] {weight.length()});
        double value = weight.getDouble(0);
        weight.putScalar(0, value + STEP);
        double above = network.score(data, true);
        weight.putScalar(0, value - STEP);
        double below = network.score(data, true);
        double slope = 2 * (above - below) / (2 * STEP); // the gradient is a sum over the two examples

        assertThat(claimed / slope).isCloseTo(2, within(1e-4));
    }
}
