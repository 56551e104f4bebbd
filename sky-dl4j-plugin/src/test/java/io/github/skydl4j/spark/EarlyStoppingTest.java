package io.github.skydl4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.github.skydl4j.testing.SmallGraphs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.storage.BroadcastBlockId;
import org.deeplearning4j.earlystopping.EarlyStoppingConfiguration;
import org.deeplearning4j.earlystopping.EarlyStoppingResult;
import org.deeplearning4j.earlystopping.EarlyStoppingResult.TerminationReason;
import org.deeplearning4j.earlystopping.saver.InMemoryModelSaver;
import org.deeplearning4j.earlystopping.scorecalc.ScoreCalculator;
import org.deeplearning4j.earlystopping.termination.EpochTerminationCondition;
import org.deeplearning4j.earlystopping.termination.MaxEpochsTerminationCondition;
import org.deeplearning4j.earlystopping.termination.MaxScoreIterationTerminationCondition;
import org.deeplearning4j.earlystopping.termination.ScoreImprovementEpochTerminationCondition;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.spark.earlystopping.SparkDataSetLossCalculator;
import org.deeplearning4j.spark.earlystopping.SparkEarlyStoppingGraphTrainer;
import org.deeplearning4j.spark.earlystopping.SparkEarlyStoppingTrainer;
import org.deeplearning4j.spark.earlystopping.SparkLossCalculatorComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.impl.multilayer.SparkDl4jMultiLayer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** DL4J's early stopping on Spark with a master of stages; the names of the original tests stand at each. */
@Timeout(120)
class EarlyStoppingTest {
    @TempDir
    static Path temp;

    private static LocalSpark spark;

    private final List<DataSet> data = LocalSpark.list(SmallGraphs.data(40, 10, 1));

    @BeforeAll
    static void start() {
        spark = LocalSpark.start(temp);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    /** TestEarlyStoppingSparkCompGraph.testEarlyStoppingIris. */
    @ParameterizedTest
    @EnumSource(names = {"DRIVER", "EXECUTORS"})
    void endsAfterTheMostEpochsWithTheLossesOfFit(StagePlace place) {
        ComputationGraph network = SmallGraphs.chain(3);
        ComputationGraph expected = SmallGraphs.chain(3);
        EarlyStoppingResult<ComputationGraph> result =
                train(place, network, loss(), new MaxEpochsTerminationCondition(4));

        assertThat(result.getTerminationReason()).isEqualTo(TerminationReason.EpochTerminationCondition);
        assertThat(result.getTotalEpochs()).isEqualTo(4);
        List<Double> losses = new ArrayList<>(result.getScoreVsEpoch().values());
        assertThat(losses).hasSize(4);
        for (int epoch = 0; epoch < 4; epoch++) {
            data.forEach(expected::fit);
            assertThat(losses.get(epoch)).isCloseTo(meanLoss(expected), within(1e-6));
        }
        assertThat(network.params()).isEqualTo(expected.params());
    }

    /** The best model is that of its epoch, not what was trained on from it. */
    @ParameterizedTest
    @EnumSource(names = {"DRIVER", "EXECUTORS"})
    void givesTheBestModelBackAsItWasThen(StagePlace place) {
        ComputationGraph network = SmallGraphs.chain(3);
        EarlyStoppingResult<ComputationGraph> result =
                train(place, network, new ScriptedScores(3.0, 1.0, 2.0, 4.0), new MaxEpochsTerminationCondition(4));

        ComputationGraph expected = SmallGraphs.chain(3);
        for (int epoch = 0; epoch < 2; epoch++) {
            data.forEach(expected::fit);
        }
        assertThat(result.getBestModelEpoch()).isEqualTo(1);
        assertThat(result.getBestModelScore()).isEqualTo(1.0);
        assertThat(result.getBestModel().params()).isEqualTo(expected.params());
        assertThat(result.getBestModel().getUpdater().getStateViewArray())
                .isEqualTo(expected.getUpdater().getStateViewArray());
        assertThat(network.params()).isNotEqualTo(expected.params());
    }

    /** TestEarlyStoppingSparkCompGraph.testNoImprovementNEpochsTermination. */
    @Test
    void endsWhenTheLossDoesNotImprove() {
        EarlyStoppingResult<ComputationGraph> result = train(
                StagePlace.DRIVER,
                dense(new Sgd(0)).toComputationGraph(),
                loss(),
                new MaxEpochsTerminationCondition(100),
                new ScoreImprovementEpochTerminationCondition(3));

        assertThat(result.getTerminationReason()).isEqualTo(TerminationReason.EpochTerminationCondition);
        assertThat(result.getTerminationDetails())
                .isEqualTo(new ScoreImprovementEpochTerminationCondition(3).toString());
        assertThat(result.getTotalEpochs()).isEqualTo(4);
    }

    /** TestEarlyStoppingSparkCompGraph.testBadTuning. */
    @Test
    void endsWhenTheScoreIsBeyondItsLimit() {
        EarlyStoppingConfiguration<ComputationGraph> rules = new EarlyStoppingConfiguration.Builder<ComputationGraph>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(20))
                .iterationTerminationConditions(new MaxScoreIterationTerminationCondition(5))
                .scoreCalculator(loss())
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        EarlyStoppingResult<ComputationGraph> result =
                train(StagePlace.DRIVER, dense(new Sgd(1000)).toComputationGraph(), rules);

        assertThat(result.getTerminationReason()).isEqualTo(TerminationReason.IterationTerminationCondition);
        assertThat(result.getTerminationDetails()).isEqualTo(new MaxScoreIterationTerminationCondition(5).toString());
        assertThat(result.getTotalEpochs()).isLessThan(20);
    }

    /** Early stopping evaluates after each epoch. Some collections later Spark had closed the network's own parameters. */
    @Test
    void parametersOutliveTheirBroadcast() {
        MultiLayerNetwork layers = dense(new Sgd(0.1));
        ComputationGraph graph = SmallGraphs.chain(3);
        JavaRDD<DataSet> rdd = spark.parallelize(data, 2);
        try (SkyTrainingMaster master = master(StagePlace.DRIVER)) {
            new SparkDl4jMultiLayer(spark.context(), layers, master).fit(rdd);
            new SparkComputationGraph(spark.context(), graph, master).fit(rdd);
        }
        for (Model network : List.of(layers, graph)) {
            Broadcast<INDArray> broadcast = spark.context().broadcast(network.params());
            broadcast.destroy();
            await().atMost(Duration.ofSeconds(20))
                    .until(() -> SparkEnv.get()
                            .blockManager()
                            .getStatus(new BroadcastBlockId(broadcast.id(), ""))
                            .isEmpty());
            assertThat(network.params().wasClosed()).isFalse();
        }
    }

    /** TestEarlyStoppingSpark.testEarlyStoppingIris. */
    @Test
    void worksForANetworkOfLayers() {
        MultiLayerNetwork network = dense(new Sgd(0.1));
        MultiLayerNetwork expected = dense(new Sgd(0.1));
        JavaRDD<DataSet> rdd = spark.parallelize(data, 2);
        EarlyStoppingConfiguration<MultiLayerNetwork> rules = new EarlyStoppingConfiguration.Builder<
                        MultiLayerNetwork>()
                .epochTerminationConditions(new MaxEpochsTerminationCondition(3))
                .scoreCalculator(new SparkDataSetLossCalculator(
                        rdd, true, spark.context().sc()))
                .modelSaver(new InMemoryModelSaver<>())
                .build();
        try (SkyTrainingMaster master = master(StagePlace.DRIVER)) {
            EarlyStoppingResult<MultiLayerNetwork> result =
                    new SparkEarlyStoppingTrainer(spark.context(), master, rules, network, rdd).fit();
            for (int epoch = 0; epoch < 3; epoch++) {
                data.forEach(expected::fit);
            }

            assertThat(result.getTotalEpochs()).isEqualTo(3);
            assertThat(result.getBestModelEpoch()).isEqualTo(2);
            assertThat(result.getBestModel().params()).isEqualTo(expected.params());
        }
    }

    private EarlyStoppingResult<ComputationGraph> train(
            StagePlace place,
            ComputationGraph network,
            ScoreCalculator<ComputationGraph> scores,
            EpochTerminationCondition... ends) {
        return train(
                place,
                network,
                new EarlyStoppingConfiguration.Builder<ComputationGraph>()
                        .epochTerminationConditions(ends)
                        .scoreCalculator(scores)
                        .modelSaver(new InMemoryModelSaver<>())
                        .build());
    }

    private EarlyStoppingResult<ComputationGraph> train(
            StagePlace place, ComputationGraph network, EarlyStoppingConfiguration<ComputationGraph> rules) {
        try (SkyTrainingMaster master = master(place)) {
            return new SparkEarlyStoppingGraphTrainer(spark.context(), master, rules, network, multi()).fit();
        }
    }

    private SparkLossCalculatorComputationGraph loss() {
        return new SparkLossCalculatorComputationGraph(
                multi(), true, spark.context().sc());
    }

    private JavaRDD<MultiDataSet> multi() {
        return spark.parallelize(data, 2).map(DataSet::toMultiDataSet);
    }

    private double meanLoss(ComputationGraph network) {
        return data.stream().mapToDouble(network::score).average().orElseThrow();
    }

    private static SkyTrainingMaster master(StagePlace place) {
        return new SkyTrainingMaster.Builder(2)
                .stagePlace(place)
                .planner("even")
                .microBatches(1)
                .profiling(Duration.ofMillis(20))
                .build();
    }

    private static MultiLayerNetwork dense(Sgd updater) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(12)
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .activation(Activation.IDENTITY)
                .list()
                .layer(new DenseLayer.Builder().nIn(SmallGraphs.INPUTS).nOut(8).build())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MCXENT)
                        .activation(Activation.SOFTMAX)
                        .nIn(8)
                        .nOut(SmallGraphs.CLASSES)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Scores of an epoch each, whatever the network. */
    private static final class ScriptedScores implements ScoreCalculator<ComputationGraph> {
        private static final long serialVersionUID = 1L;

        private final transient Queue<Double> scores;

        ScriptedScores(Double... scores) {
            this.scores = new ArrayDeque<>(List.of(scores));
        }

        @Override
        public double calculateScore(ComputationGraph network) {
            return scores.remove();
        }

        @Override
        public boolean minimizeScore() {
            return true;
        }
    }
}
