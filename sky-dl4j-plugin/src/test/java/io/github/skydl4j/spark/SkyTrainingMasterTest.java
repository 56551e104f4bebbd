package io.github.skydl4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.testing.SmallGraphs;
import java.io.File;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.api.RDDTrainingApproach;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.deeplearning4j.spark.util.SparkUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.RmsProp;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** What DL4J's own tests ask of a training master, on Spark in one JVM; the names of the originals stand at each test. */
class SkyTrainingMasterTest {
    @TempDir
    static Path temp;

    private static LocalSpark spark;

    enum Updater {
        SGD(new Sgd(0.1)),
        RMS_PROP(new RmsProp(0.01)),
        ADAM(new Adam(0.01));

        private final transient IUpdater updater;

        Updater(IUpdater updater) {
            this.updater = updater;
        }
    }

    @BeforeAll
    static void start() {
        spark = LocalSpark.start(temp);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    /** TestCompareParameterAveragingSparkVsSingleMachine.testOneExecutor and testOneExecutorGraph. */
    @ParameterizedTest
    @EnumSource
    void oneWorkerAndOneMicroBatchTrainAsFitDoes(Updater kind) {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(60, 10, 1));
        MultiLayerNetwork expected = dense(kind.updater);
        MultiLayerNetwork actual = dense(kind.updater);
        data.forEach(expected::fit);

        try (SkyTrainingMaster master = builder(1).microBatches(1).build()) {
            SparkDl4jMultiLayer facade = new SparkDl4jMultiLayer(spark.context(), actual, master);
            facade.fit(spark.parallelize(data, 1));

            assertThat(facade.getNetwork().params()).isEqualTo(expected.params());
            assertThat(facade.getNetwork().getUpdater().getStateViewArray())
                    .isEqualTo(expected.getUpdater().getStateViewArray());
            assertThat(facade.getScore()).isEqualTo(expected.score());
            assertThat(actual.getIterationCount()).isEqualTo(6);
            assertThat(actual.getEpochCount()).isEqualTo(1);
        }
    }

    /** TestCompareParameterAveragingSparkVsSingleMachine.testAverageEveryStepGraph. */
    @ParameterizedTest
    @EnumSource
    void severalWorkersTrainAGraphAsFitDoes(Updater kind) {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(60, 10, 1));
        ComputationGraph expected = dense(kind.updater).toComputationGraph();
        ComputationGraph actual = dense(kind.updater).toComputationGraph();
        data.forEach(expected::fit);

        try (SkyTrainingMaster master =
                builder(3).planner("even").microBatches(2).build()) {
            new SparkComputationGraph(spark.context(), actual, master).fit(spark.parallelize(data, 4));

            assertThat(master.report().stages()).hasSize(3);
            assertThat(actual.params().distance2(expected.params())).isLessThan(1e-5);
            assertThat(actual.getIterationCount()).isEqualTo(6);
        }
    }

    /** TestCompareParameterAveragingSparkVsSingleMachine.testAverageEveryStepCNN. */
    @Test
    void severalWorkersTrainAConvolutionalNetworkAsFitDoes() {
        List<DataSet> data = new ArrayList<>();
        Nd4j.getRandom().setSeed(12);
        for (int b = 0; b < 4; b++) {
            INDArray labels = Nd4j.zeros(8, 2);
            for (int e = 0; e < 8; e++) {
                labels.putScalar(e, e % 2, 1);
            }
            data.add(new DataSet(Nd4j.rand(8, 2, 6, 6), labels));
        }
        MultiLayerNetwork expected = convolutional();
        MultiLayerNetwork actual = convolutional();
        data.forEach(expected::fit);

        try (SkyTrainingMaster master =
                builder(2).planner("even").microBatches(2).build()) {
            new SparkDl4jMultiLayer(spark.context(), actual, master).fit(spark.parallelize(data, 2));

            assertThat(actual.params().distance2(expected.params())).isLessThan(1e-6);
        }
    }

    /** TestSparkMultiLayerParameterAveraging.testFitViaStringPaths and its siblings. */
    @Test
    void everyWayToFitTrainsTheSame() throws Exception {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(40, 10, 1));
        ComputationGraph expected = SmallGraphs.chain(2);
        data.forEach(expected::fit);
        expected.incrementEpochCount();

        Path single = saved(data, "single");
        Path multi = savedMulti(data, "multi");
        ComputationGraph asListed = SmallGraphs.chain(2);
        for (String path :
                SparkUtils.listPaths(spark.context(), single.toUri().toString()).collect()) {
            asListed.fit(data.get(Integer.parseInt(path.replaceAll(".*/(\\d+)\\.bin", "$1"))));
        }
        asListed.incrementEpochCount();
        JavaRDD<DataSet> rdd = spark.parallelize(data, 2);
        JavaRDD<MultiDataSet> multiRdd = rdd.map(DataSet::toMultiDataSet);

        assertTrains(expected, facade -> facade.fit(rdd));
        assertTrains(expected, facade -> facade.fitMultiDataSet(multiRdd));
        assertTrains(asListed, facade -> facade.fit(single.toUri().toString()));
        assertTrains(asListed, facade -> facade.fitMultiDataSet(multi.toUri().toString()));
        assertTrains(expected, facade -> facade.fitPaths(spark.context().parallelize(paths(single), 1)));
        assertTrains(
                expected, facade -> facade.fitPathsMultiDataSet(spark.context().parallelize(paths(multi), 1)));
    }

    private interface Fit {
        void fit(SparkComputationGraph facade);
    }

    /** Measures for a moment only. */
    private static SkyTrainingMaster.Builder builder(int workers) {
        return new SkyTrainingMaster.Builder(workers).profiling(Duration.ofMillis(20));
    }

    private static void assertTrains(ComputationGraph expected, Fit fit) {
        ComputationGraph actual = SmallGraphs.chain(2);
        try (SkyTrainingMaster master =
                builder(2).planner("even").microBatches(1).build()) {
            fit.fit(new SparkComputationGraph(spark.context(), actual, master));
        }
        assertThat(actual.params()).isEqualTo(expected.params());
        assertThat(actual.getEpochCount()).isEqualTo(1);
    }

    /** TestSparkMultiLayerParameterAveraging.testSmallAmountOfData: fewer batches than partitions. */
    @Test
    void emptyPartitionsAndUnevenOnesAreTrainedWhole() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(30, 10, 1));
        ComputationGraph expected = SmallGraphs.chain(2);
        data.forEach(expected::fit);
        ComputationGraph actual = SmallGraphs.chain(2);

        try (SkyTrainingMaster master = builder(2).microBatches(1).build()) {
            new SparkComputationGraph(spark.context(), actual, master).fit(spark.parallelize(data, 8));
        }
        assertThat(actual.params()).isEqualTo(expected.params());
    }

    @Test
    void smallBatchesAreJoinedToAStep() {
        List<DataSet> examples = LocalSpark.list(SmallGraphs.data(45, 1, 1));
        List<DataSet> batches = LocalSpark.list(SmallGraphs.data(45, 10, 1));
        ComputationGraph expected = SmallGraphs.chain(2);
        batches.forEach(expected::fit);
        ComputationGraph actual = SmallGraphs.chain(2);

        try (SkyTrainingMaster master = builder(2).microBatches(1).batchSize(10).build()) {
            new SparkComputationGraph(spark.context(), actual, master).fit(spark.parallelize(examples, 7));
        }
        assertThat(actual.params()).isEqualTo(expected.params());
        assertThat(actual.getIterationCount()).isEqualTo(5);
    }

    /** TestSparkMultiLayerParameterAveraging.testFitExport: the RDD is written once, trained on twice, deleted. */
    @Test
    void exportedDataIsUsedAgainAndDeleted() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(40, 10, 1));
        Path exports = temp.resolve("exports");
        ComputationGraph actual = SmallGraphs.chain(2);
        ComputationGraph expected = SmallGraphs.chain(2);
        for (int epoch = 0; epoch < 2; epoch++) {
            data.forEach(expected::fit);
        }

        try (SkyTrainingMaster master = builder(2)
                .microBatches(1)
                .batchSize(10)
                .rddTrainingApproach(RDDTrainingApproach.Export)
                .exportDirectory(exports.toUri().toString())
                .build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), actual, master);
            JavaRDD<DataSet> rdd = spark.parallelize(data, 1);
            facade.fit(rdd);
            String[] written = exports.toFile().list();
            facade.fit(rdd);

            assertThat(written).hasSize(1);
            assertThat(exports.toFile().list()).isEqualTo(written);
            assertThat(actual.params()).isEqualTo(expected.params());
            assertThat(master.deleteTempFiles(spark.context())).isTrue();
            assertThat(exports.toFile().list()).isEmpty();
        }
    }

    /** TestSparkMultiLayerParameterAveraging.testSeedRepeatability. */
    @Test
    void theSameSeedTrainsTheSame() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(40, 10, 1));
        INDArray first = trainedInSteps(data);

        assertThat(trainedInSteps(data)).isEqualTo(first);
    }

    private static INDArray trainedInSteps(List<DataSet> data) {
        ComputationGraph network = SmallGraphs.chain(2);
        try (SkyTrainingMaster master =
                builder(2).planner("even").microBatches(2).build()) {
            new SparkComputationGraph(spark.context(), network, master).fit(spark.parallelize(data, 2));
        }
        return network.params();
    }

    /** TestFrozenLayers.testSparkFrozenLayers. */
    @Test
    void frozenLayersStayAsTheyAre() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(40, 10, 1));
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new Sgd(0.1))
                .seed(4)
                .dataType(org.nd4j.linalg.api.buffer.DataType.DOUBLE)
                .list()
                .layer(new FrozenLayer(
                        new DenseLayer.Builder().nIn(SmallGraphs.INPUTS).nOut(5).build()))
                .layer(new DenseLayer.Builder().nIn(5).nOut(5).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(5)
                        .nOut(SmallGraphs.CLASSES)
                        .build())
                .build());
        network.init();
        INDArray frozen = network.getLayer(0).params().dup();
        INDArray trained = network.getLayer(1).params().dup();

        try (SkyTrainingMaster master = builder(2).planner("even").build()) {
            new SparkDl4jMultiLayer(spark.context(), network, master).fit(spark.parallelize(data, 2));
        }
        assertThat(network.getLayer(0).params()).isEqualTo(frozen);
        assertThat(network.getLayer(1).params()).isNotEqualTo(trained);
    }

    /** One JVM, one master, two networks in turn. */
    @Test
    void trainsTwoNetworksInSequence() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(40, 10, 1));
        ComputationGraph first = SmallGraphs.chain(1);
        ComputationGraph second = SmallGraphs.chain(3);
        ComputationGraph expected = SmallGraphs.chain(3);
        data.forEach(expected::fit);
        try (SkyTrainingMaster master = builder(2).microBatches(1).build()) {
            new SparkComputationGraph(spark.context(), first, master).fit(spark.parallelize(data, 2));
            new SparkComputationGraph(spark.context(), second, master).fit(spark.parallelize(data, 2));
        }
        assertThat(second.params()).isEqualTo(expected.params());
    }

    @Test
    void fiftyFitsLeaveNoThreadBehind() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(20, 10, 1));
        JavaRDD<DataSet> rdd = spark.parallelize(data, 2);
        ComputationGraph expected = SmallGraphs.chain(2);
        ComputationGraph actual = SmallGraphs.chain(2);
        try (SkyTrainingMaster master =
                builder(2).planner("even").microBatches(1).build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), actual, master);
            for (int fit = 0; fit < 50; fit++) {
                facade.fit(rdd);
                data.forEach(expected::fit);
            }
        }
        assertThat(actual.params()).isEqualTo(expected.params());
        assertThat(actual.getEpochCount()).isEqualTo(50);
        assertThat(Thread.getAllStackTraces().keySet())
                .noneMatch(thread -> thread.isAlive() && thread.getName().startsWith("sky-stage"));
    }

    /** The facade's own evaluation works on what was trained. */
    @Test
    void evaluatesAndScoresThroughTheFacade() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(200, 20, 1));
        JavaRDD<DataSet> rdd = spark.parallelize(data, 2);
        try (SkyTrainingMaster master = builder(2).microBatches(2).build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), SmallGraphs.chain(2), master);
            double before = facade.calculateScore(rdd, true);
            for (int epoch = 0; epoch < 20; epoch++) {
                facade.fit(rdd);
            }
            assertThat(facade.calculateScore(rdd, true)).isLessThan(before * 0.7);
            assertThat(facade.<org.nd4j.evaluation.classification.Evaluation>evaluate(rdd)
                            .accuracy())
                    .isGreaterThan(0.7);
        }
    }

    private static MultiLayerNetwork dense(IUpdater updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(12)
                .updater(updater)
                .activation(Activation.TANH)
                .dataType(org.nd4j.linalg.api.buffer.DataType.DOUBLE)
                .list()
                .layer(new DenseLayer.Builder().nIn(SmallGraphs.INPUTS).nOut(10).build())
                .layer(new DenseLayer.Builder().nIn(10).nOut(10).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(10)
                        .nOut(SmallGraphs.CLASSES)
                        .build())
                .build());
        network.init();
        return network;
    }

    private static MultiLayerNetwork convolutional() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(12)
                .updater(new Sgd(0.1))
                .activation(Activation.TANH)
                .list()
                .layer(new ConvolutionLayer.Builder(3, 3)
                        .nOut(3)
                        .convolutionMode(ConvolutionMode.Same)
                        .build())
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(3).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nOut(2)
                        .build())
                .setInputType(InputType.convolutional(6, 6, 2))
                .build());
        network.init();
        return network;
    }

    private static Path saved(List<DataSet> data, String name) {
        File folder = temp.resolve(name).toFile();
        assertThat(folder.mkdir()).isTrue();
        for (int i = 0; i < data.size(); i++) {
            data.get(i).save(new File(folder, i + ".bin"));
        }
        return folder.toPath();
    }

    private static Path savedMulti(List<DataSet> data, String name) throws java.io.IOException {
        File folder = temp.resolve(name).toFile();
        assertThat(folder.mkdir()).isTrue();
        for (int i = 0; i < data.size(); i++) {
            data.get(i).toMultiDataSet().save(new File(folder, i + ".bin"));
        }
        return folder.toPath();
    }

    private static List<String> paths(Path folder) {
        List<String> paths = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            paths.add(folder.resolve(i + ".bin").toUri().toString());
        }
        return paths;
    }
}
