package io.github.skydl4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.testing.SmallGraphs;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.deeplearning4j.spark.util.SparkUtils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Stages in tasks that talk over the network; here the tasks are threads of this JVM, in the system tests processes. */
class StagesOnExecutorsTest {
    @TempDir
    static Path temp;

    private static LocalSpark spark;

    @BeforeAll
    static void start() {
        spark = LocalSpark.start(temp);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @Test
    void trainAsFitDoesAndStayUpBetweenFits() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(60, 10, 1));
        ComputationGraph expected = SmallGraphs.chain(3);
        ComputationGraph actual = SmallGraphs.chain(3);
        try (SkyTrainingMaster master = builder(2).build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), actual, master);
            for (int epoch = 0; epoch < 3; epoch++) {
                facade.fit(spark.parallelize(data, 3));
                data.forEach(expected::fit);
            }

            assertThat(master.report().stages()).hasSize(2);
            assertThat(actual.params()).isEqualTo(expected.params());
            assertThat(actual.getUpdater().getStateViewArray())
                    .isEqualTo(expected.getUpdater().getStateViewArray());
            assertThat(actual.getIterationCount()).isEqualTo(18);
        }
    }

    /** Unequal files: the stages that take features and labels read them, and tell how many examples there are. */
    @Test
    void readFilesByThemselves() throws Exception {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(53, 8, 1));
        Path folder = Files.createDirectories(temp.resolve("files"));
        for (int b = 0; b < data.size(); b++) {
            data.get(b).save(folder.resolve("batch" + b + ".bin").toFile());
        }
        ComputationGraph expected = SmallGraphs.chain(3);
        ComputationGraph actual = SmallGraphs.chain(3);
        try (SkyTrainingMaster master = builder(2).build()) {
            new SparkComputationGraph(spark.context(), actual, master)
                    .fit(folder.toUri().toString());
            // A folder's files come in the order in which its file system lists them.
            for (String path : SparkUtils.listPaths(
                            spark.context(), folder.toUri().toString())
                    .collect()) {
                expected.fit(data.get(Integer.parseInt(path.replaceAll(".*batch(\\d+)\\.bin", "$1"))));
            }

            assertThat(actual.params()).isEqualTo(expected.params());
            assertThat(actual.getIterationCount()).isEqualTo(7);
        }
    }

    /**
     * Every step was once followed by a snapshot that brought the network back, although nobody looked at it. Of the snapshots
     * the last two are kept.
     */
    @Test
    void bringTheNetworkBackOnceAFitIfNobodyLooksAtIt() throws Exception {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(60, 10, 1));
        Path snapshots = temp.resolve("snapshots");
        try (SkyTrainingMaster master =
                builder(2).snapshotDirectory(snapshots.toString()).build()) {
            new SparkComputationGraph(spark.context(), SmallGraphs.chain(3), master).fit(spark.parallelize(data, 3));

            try (Stream<Path> files = Files.list(snapshots)) {
                assertThat(files.map(file -> file.getFileName().toString())
                                .filter(name -> name.startsWith("step-"))
                                .sorted())
                        .containsExactly("step-0000000000", "step-0000000006");
            }
        }
    }

    @Test
    void showHooksTheNetworkOfEachStep() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(60, 10, 1));
        ComputationGraph expected = SmallGraphs.chain(3);
        List<INDArray> parameters = new ArrayList<>();
        for (DataSet batch : data) {
            expected.fit(batch);
            parameters.add(expected.params().dup());
        }
        KeepingHook hook = new KeepingHook();
        try (SkyTrainingMaster master = builder(2).build()) {
            master.addHook(hook);
            new SparkComputationGraph(spark.context(), SmallGraphs.chain(3), master).fit(spark.parallelize(data, 3));
        }

        assertThat(hook.parameters).isEqualTo(parameters);
    }

    @Test
    void noticeParametersThatSomebodyElseHasSet() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(20, 10, 1));
        ComputationGraph expected = SmallGraphs.chain(3);
        ComputationGraph actual = SmallGraphs.chain(3);
        try (SkyTrainingMaster master = builder(2).build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), actual, master);
            for (int epoch = 0; epoch < 2; epoch++) {
                actual.params().muli(0.5);
                expected.params().muli(0.5);
                facade.fit(spark.parallelize(data, 2));
                data.forEach(expected::fit);
            }

            assertThat(actual.params()).isEqualTo(expected.params());
        }
    }

    /** The second network has done fewer steps than the first, so its snapshots have lower numbers. */
    @Test
    void trainTwoNetworksInSequence() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(60, 10, 1));
        ComputationGraph expected = SmallGraphs.chain(3);
        data.forEach(expected::fit);
        try (SkyTrainingMaster master = builder(2).snapshotEvery(2).build()) {
            for (int n = 0; n < 2; n++) {
                ComputationGraph actual = SmallGraphs.chain(3);
                new SparkComputationGraph(spark.context(), actual, master).fit(spark.parallelize(data, 2));

                assertThat(actual.params()).isEqualTo(expected.params());
            }
        }
    }

    @Test
    void tooFewSlotsAreRefusedWithBothNumbers() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(20, 10, 1));
        try (SkyTrainingMaster master =
                builder(4).joinLimit(Duration.ofSeconds(1)).build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), SmallGraphs.chain(3), master);

            assertThatThrownBy(() -> facade.fit(spark.parallelize(data, 2)))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("5 slots are needed, but Spark has 4");
        }
    }

    /** Keeps the parameters after each step. */
    private static final class KeepingHook implements TrainingHook {
        private static final long serialVersionUID = 1L;

        private final transient List<INDArray> parameters = new ArrayList<>();

        @Override
        public void preUpdate(org.nd4j.linalg.dataset.api.DataSet batch, Model model) {}

        @Override
        public void postUpdate(org.nd4j.linalg.dataset.api.DataSet batch, Model model) {
            parameters.add(model.params().dup());
        }

        @Override
        public void preUpdate(MultiDataSet batch, Model model) {}

        @Override
        public void postUpdate(MultiDataSet batch, Model model) {}
    }

    private static SkyTrainingMaster.Builder builder(int workers) {
        return new SkyTrainingMaster.Builder(workers)
                .stagePlace(StagePlace.EXECUTORS)
                .planner("even")
                .microBatches(1)
                .profiling(Duration.ofMillis(20));
    }
}
