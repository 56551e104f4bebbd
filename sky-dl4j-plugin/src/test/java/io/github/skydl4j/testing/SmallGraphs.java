package io.github.skydl4j.testing;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Small networks and data for tests. */
public final class SmallGraphs {
    public static final int INPUTS = 6;
    public static final int CLASSES = 3;

    private SmallGraphs() {}

    /** Dense layers in a row before a softmax, in double. */
    public static ComputationGraph chain(int layers) {
        return chain(layers, null);
    }

    /** The same with a vertex of one input and the same output size before the softmax. */
    public static ComputationGraph chain(int layers, GraphVertex last) {
        var builder = new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.01))
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in");
        String from = "in";
        for (int l = 0; l < layers; l++) {
            builder.addLayer(
                    "d" + l,
                    new DenseLayer.Builder().nIn(l == 0 ? INPUTS : 8).nOut(8).build(),
                    from);
            from = "d" + l;
        }
        if (last != null) {
            builder.addVertex("last", last, from);
            from = "last";
        }
        ComputationGraph graph = new ComputationGraph(builder.addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(8)
                                .nOut(CLASSES)
                                .build(),
                        from)
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    /** Batches of points whose class is a function of them. */
    public static DataSetIterator data(int examples, int batch, long seed) {
        Random random = new Random(seed);
        List<DataSet> all = new ArrayList<>();
        for (int e = 0; e < examples; e++) {
            INDArray features = Nd4j.create(DataType.DOUBLE, 1, INPUTS);
            for (int i = 0; i < INPUTS; i++) {
                features.putScalar(i, random.nextGaussian());
            }
            double sum = features.getDouble(0) + features.getDouble(1) * features.getDouble(2);
            INDArray label = Nd4j.create(DataType.DOUBLE, 1, CLASSES);
            label.putScalar(sum < -0.5 ? 0 : sum < 0.5 ? 1 : 2, 1);
            all.add(new DataSet(features, label));
        }
        return new ListDataSetIterator<>(all, batch);
    }
}
