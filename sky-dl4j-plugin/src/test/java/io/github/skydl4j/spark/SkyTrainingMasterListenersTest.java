package io.github.skydl4j.spark;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.testing.SmallGraphs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.spark.api.java.JavaRDD;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.spark.api.TrainingHook;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Who hears of what a master does: statistics, listeners, hooks, as DL4J's own masters tell them. */
class SkyTrainingMasterListenersTest {
    @TempDir
    private static Path temp;

    private static LocalSpark spark;

    @BeforeAll
    static void start() {
        spark = LocalSpark.start(temp);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    /** TestTrainingStatsCollection.testStatsCollection. */
    @Test
    void collectsStatisticsOfEachPhase() throws Exception {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(40, 10, 1));
        try (SkyTrainingMaster master =
                builder(2).planner("even").collectTrainingStats(true).build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), SmallGraphs.chain(2), master);
            facade.fit(spark.parallelize(data, 2));

            SkyTrainingStats stats = master.getTrainingStats();
            assertThat(stats).isNotNull();
            assertThat(stats.getValue(SkyTrainingStats.STEP)).hasSize(4);
            assertThat(stats.getValue(SkyTrainingStats.FIT)).hasSize(1);
            assertThat(stats.getValue(SkyTrainingStats.stageKey(1))).isNotEmpty();
            assertThat(stats.statsAsString()).contains("SkyStepMs");
            Path folder = temp.resolve("stats");
            stats.exportStatFiles(folder.toUri().toString(), spark.context().sc());
            assertThat(folder.toFile().list()).anyMatch(name -> name.startsWith("SkyStepMs"));
        }
    }

    @Test
    void noStatisticsUnlessAsked() {
        try (SkyTrainingMaster master = new SkyTrainingMaster.Builder(2).build()) {
            assertThat(master.getTrainingStats()).isNull();
            assertThat(master.getIsCollectTrainingStats()).isFalse();
        }
    }

    /** TestListeners. */
    @Test
    void callsListenersOnceAStepWithTheWholeNetwork() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(40, 10, 1));
        CountingListener steps = new CountingListener();
        try (SkyTrainingMaster master = builder(2).planner("even").build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), SmallGraphs.chain(2), master);
            facade.setListeners(steps);
            facade.fit(spark.parallelize(data, 2));
            facade.fit(spark.parallelize(data, 2));
        }
        assertThat(steps.iterations).containsExactly(0, 1, 2, 3, 4, 5, 6, 7);
        assertThat(steps.parameters).hasSize(8);
    }

    @Test
    void callsHooksAroundEachStep() {
        List<DataSet> data = LocalSpark.list(SmallGraphs.data(40, 10, 1));
        CountingHook hook = new CountingHook();
        try (SkyTrainingMaster master = builder(2).planner("even").build()) {
            master.addHook(hook);
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), SmallGraphs.chain(2), master);
            JavaRDD<DataSet> rdd = spark.parallelize(data, 2);
            facade.fit(rdd);
            facade.fitMultiDataSet(rdd.map(DataSet::toMultiDataSet));
            master.removeHook(hook);
            facade.fit(rdd);
        }
        assertThat(hook.calls.get()).isEqualTo(16);
        assertThat(hook.single.get()).isEqualTo(8);
    }

    /** Measures for a moment only. */
    private static SkyTrainingMaster.Builder builder(int workers) {
        return new SkyTrainingMaster.Builder(workers).profiling(Duration.ofMillis(20));
    }

    private static final class CountingListener extends BaseTrainingListener {
        private final List<Integer> iterations = new ArrayList<>();
        private final Set<INDArray> parameters = new HashSet<>();

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            iterations.add(iteration);
            parameters.add(model.params().dup());
        }
    }

    private static final class CountingHook implements TrainingHook {
        private static final long serialVersionUID = 1L;

        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger single = new AtomicInteger();

        @Override
        public void preUpdate(org.nd4j.linalg.dataset.api.DataSet batch, Model model) {
            calls.incrementAndGet();
            single.incrementAndGet();
        }

        @Override
        public void postUpdate(org.nd4j.linalg.dataset.api.DataSet batch, Model model) {
            calls.incrementAndGet();
            single.incrementAndGet();
        }

        @Override
        public void preUpdate(MultiDataSet batch, Model model) {
            calls.incrementAndGet();
        }

        @Override
        public void postUpdate(MultiDataSet batch, Model model) {
            calls.incrementAndGet();
        }
    }
}
