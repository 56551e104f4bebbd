package io.github.skydl4j.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.pipeline.BatchCutter;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.L2NormalizeVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.CenterLossOutputLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.EmbeddingLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.AMSGrad;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/** Graphs with vertices that look past their inputs, or train in a way of their own, cut at every place. */
class SpecialGraphsTest {
    private static final int ROWS = 4;
    private static final int TIME = 3;

    private record Case(ComputationGraph network, Supplier<MultiDataSet> data) {}

    static Stream<Named<Supplier<Case>>> cases() {
        return Stream.of(
                Named.of("frozen by transfer learning", SpecialGraphsTest::transferred),
                Named.of("frozen, with gradients passing", SpecialGraphsTest::frozenWithBackprop),
                Named.of("encoder and decoder over time, with masks", SpecialGraphsTest::encoderDecoder),
                Named.of("bidirectional", SpecialGraphsTest::bidirectional),
                Named.of("stacked batches", SpecialGraphsTest::stacked),
                Named.of("embeddings and a loss without a batch mean", SpecialGraphsTest::embedding),
                Named.of("center loss", SpecialGraphsTest::centerLoss),
                Named.of("convolutions before dense layers", SpecialGraphsTest::convolution),
                Named.of("two losses, one before the end", SpecialGraphsTest::twoLosses));
    }

    @ParameterizedTest
    @MethodSource("cases")
    void trainBitForBitLikeTheWholeGraphAtEveryCut(Supplier<Case> made) {
        int units = new GraphSplitter(made.get().network()).units().size();
        for (int cut = 1; cut < units; cut++) {
            Case whole = made.get();
            Case parts = made.get();
            assertThat(parts.network().params()).isEqualTo(whole.network().params());
            List<StageGraph> stages = new GraphSplitter(parts.network()).split(List.of(cut));
            BatchCutter cutter = new BatchCutter(parts.network().getConfiguration());
            for (int step = 0; step < 3; step++) {
                MultiDataSet batch = whole.data().get();
                whole.network().fit(batch);
                double score = step(stages, cutter.cut(parts.data().get(), 1).get(0));
                assertThat(score).as("cut %d", cut).isCloseTo(whole.network().score(), within(1e-10));
            }
            GraphMerger.merge(stages, parts.network());
            assertThat(parts.network().params())
                    .as("cut %d", cut)
                    .isEqualTo(whole.network().params());
        }
    }

    private static double step(List<StageGraph> stages, MicroBatch batch) {
        Map<String, BoundaryTensor> tensors = Map.of();
        double penalty = 0;
        for (StageGraph stage : stages) {
            penalty += stage.calcRegularizationScore(true);
            tensors = stage.forward(batch, tensors);
        }
        Map<String, INDArray> epsilons = Map.of();
        double loss = 0;
        for (int s = stages.size() - 1; s >= 0; s--) {
            epsilons = stages.get(s).backward(epsilons);
            loss += stages.get(s).lossSum();
            stages.get(s).release();
        }
        stages.forEach(stage -> stage.applyUpdate(batch.rows()));
        boolean mean = stages.get(0).conf().isMiniBatch();
        return (mean ? loss / batch.rows() : loss) + penalty;
    }

    private static Case transferred() {
        ComputationGraph trained = init(builder(new Adam(0.01))
                .addInputs("in")
                .addLayer("a", dense(4, 5), "in")
                .addVertex("part", new SubsetVertex(0, 3), "a")
                .addLayer("b", dense(4, 5), "part")
                .addLayer("out", softmax(5), "b")
                .setOutputs("out"));
        ComputationGraph tuned = new TransferLearning.GraphBuilder(trained)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .updater(new Nesterovs(0.1, 0.9))
                        .build())
                .setFeatureExtractor("part")
                .build();
        return new Case(tuned, flat());
    }

    private static Case frozenWithBackprop() {
        return new Case(
                init(builder(new Adam(0.01))
                        .addInputs("in")
                        .addLayer("a", dense(4, 5), "in")
                        .addLayer("b", new FrozenLayerWithBackprop(dense(5, 5)), "a")
                        .addLayer("out", softmax(5), "b")
                        .setOutputs("out")),
                flat());
    }

    private static Case encoderDecoder() {
        GraphBuilder graph = builder(new RmsProp(0.01))
                .addInputs("question", "answer")
                .addLayer("encoder", lstm(4, 5), "question")
                .addVertex("last", new LastTimeStepVertex("question"), "encoder")
                .addVertex("spread", new DuplicateToTimeSeriesVertex("answer"), "last")
                .addLayer("decoder", lstm(4 + 5, 5), "answer", "spread")
                .addLayer(
                        "out",
                        new RnnOutputLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(5)
                                .nOut(3)
                                .build(),
                        "decoder")
                .setOutputs("out")
                .setInputTypes(InputType.recurrent(4, TIME), InputType.recurrent(4, TIME));
        return new Case(init(graph), () -> {
            INDArray mask = Nd4j.create(new double[][] {{1, 1, 1}, {1, 1, 0}, {1, 0, 0}, {1, 1, 1}});
            return new MultiDataSet(
                    new INDArray[] {random(1, ROWS, 4, TIME), random(2, ROWS, 4, TIME)},
                    new INDArray[] {classesOverTime()},
                    new INDArray[] {mask, mask},
                    new INDArray[] {mask});
        });
    }

    private static Case bidirectional() {
        GraphBuilder graph = builder(new Adam(0.01))
                .addInputs("in")
                .addLayer("both", new Bidirectional(Bidirectional.Mode.CONCAT, lstm(4, 3)), "in")
                .addVertex("last", new LastTimeStepVertex("in"), "both")
                .addLayer("out", softmax(6), "last")
                .setOutputs("out");
        return new Case(
                init(graph),
                () -> new MultiDataSet(new INDArray[] {random(1, ROWS, 4, TIME)}, new INDArray[] {classes()}));
    }

    private static Case stacked() {
        GraphBuilder graph = builder(new AMSGrad(0.01))
                .addInputs("left", "right")
                .addVertex("stack", new StackVertex(), "left", "right")
                .addLayer("shared", dense(4, 5), "stack")
                .addVertex("first", new UnstackVertex(0, 2), "shared")
                .addVertex("second", new UnstackVertex(1, 2), "shared")
                .addVertex("unit", new L2NormalizeVertex(), "second")
                .addLayer("out", softmax(10), "first", "unit")
                .setOutputs("out");
        return new Case(
                init(graph),
                () -> new MultiDataSet(
                        new INDArray[] {random(1, ROWS, 4), random(2, ROWS, 4)}, new INDArray[] {classes()}));
    }

    private static Case embedding() {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(4)
                .dataType(DataType.DOUBLE)
                .updater(new Adam(0.01))
                .l2(1e-3)
                .miniBatch(false)
                .activation(Activation.TANH)
                .graphBuilder()
                .addInputs("in")
                .addLayer("table", new EmbeddingLayer.Builder().nIn(6).nOut(4).build(), "in")
                .addLayer("b", dense(4, 3), "table")
                .addLayer(
                        "out",
                        new LossLayer.Builder(LossFunction.MSE)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "b")
                .setOutputs("out");
        return new Case(
                init(graph),
                () -> new MultiDataSet(
                        new INDArray[] {Nd4j.createFromArray(1, 5, 0, 1).reshape(ROWS, 1)},
                        new INDArray[] {random(3, ROWS, 3)}));
    }

    private static Case centerLoss() {
        GraphBuilder graph = builder(new Adam(0.01))
                .addInputs("in")
                .addLayer("a", dense(4, 5), "in")
                .addLayer(
                        "out",
                        new CenterLossOutputLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nIn(5)
                                .nOut(3)
                                .build(),
                        "a")
                .setOutputs("out");
        return new Case(init(graph), flat());
    }

    private static Case convolution() {
        GraphBuilder graph = builder(new Adam(0.01))
                .addInputs("image")
                .addLayer("conv", new ConvolutionLayer.Builder(3, 3).nOut(3).build(), "image")
                .addLayer("norm", new BatchNormalization.Builder().build(), "conv")
                .addLayer("pool", new SubsamplingLayer.Builder(new int[] {2, 2}, new int[] {2, 2}).build(), "norm")
                .addLayer("dense", new DenseLayer.Builder().nOut(5).build(), "pool")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunction.MCXENT)
                                .activation(Activation.SOFTMAX)
                                .nOut(3)
                                .build(),
                        "dense")
                .setOutputs("out")
                .setInputTypes(InputType.convolutional(6, 6, 2));
        return new Case(
                init(graph),
                () -> new MultiDataSet(new INDArray[] {random(1, ROWS, 2, 6, 6)}, new INDArray[] {classes()}));
    }

    private static Case twoLosses() {
        GraphBuilder graph = builder(new Adam(0.01))
                .addInputs("in")
                .addLayer("a", dense(4, 5), "in")
                .addLayer("early", softmax(5), "a")
                .addLayer("b", dense(5, 5), "a")
                .addLayer("c", dense(5, 5), "b")
                .addLayer("late", softmax(5), "c")
                .setOutputs("late", "early");
        return new Case(
                init(graph),
                () -> new MultiDataSet(new INDArray[] {random(1, ROWS, 4)}, new INDArray[] {classes(), classes()}));
    }

    private static GraphBuilder builder(IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(4)
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .l2(1e-3)
                .activation(Activation.TANH)
                .graphBuilder();
    }

    private static ComputationGraph init(GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static DenseLayer dense(int in, int out) {
        return new DenseLayer.Builder().nIn(in).nOut(out).build();
    }

    private static LSTM lstm(int in, int out) {
        return new LSTM.Builder().nIn(in).nOut(out).build();
    }

    private static OutputLayer softmax(int in) {
        return new OutputLayer.Builder(LossFunction.MCXENT)
                .activation(Activation.SOFTMAX)
                .nIn(in)
                .nOut(3)
                .build();
    }

    private static Supplier<MultiDataSet> flat() {
        return () -> new MultiDataSet(new INDArray[] {random(1, ROWS, 4)}, new INDArray[] {classes()});
    }

    private static INDArray classes() {
        return Nd4j.eye(3).castTo(DataType.DOUBLE).getRows(0, 1, 2, 1);
    }

    private static INDArray classesOverTime() {
        INDArray labels = Nd4j.zeros(DataType.DOUBLE, ROWS, 3, TIME);
        for (int r = 0; r < ROWS; r++) {
            for (int t = 0; t < TIME; t++) {
                labels.putScalar(new int[] {r, (r + t) % 3, t}, 1);
            }
        }
        return labels;
    }

    private static INDArray random(long seed, long... shape) {
        Random random = new Random(seed);
        INDArray array = Nd4j.create(DataType.DOUBLE, shape, 'c');
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }
}
