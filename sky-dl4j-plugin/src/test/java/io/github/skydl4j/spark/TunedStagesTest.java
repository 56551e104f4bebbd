package io.github.skydl4j.spark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.TunedPlan;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.Network;
import io.github.skydl4j.plan.StagePlan;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.testing.SmallGraphs;
import io.github.skydl4j.tune.TuningResult;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.spark.impl.graph.SparkComputationGraph;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.dataset.DataSet;

/** Stages that a search has found, on the workers that it has measured. */
class TunedStagesTest {
    @TempDir
    static Path temp;

    private static LocalSpark spark;

    private final List<DataSet> data = LocalSpark.list(SmallGraphs.data(64, 16, 1));

    @BeforeAll
    static void start() {
        spark = LocalSpark.start(temp);
    }

    @AfterAll
    static void stop() {
        spark.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"DRIVER", "EXECUTORS"})
    void areFoundOnTheWorkersThatTrain(StagePlace place) {
        ComputationGraph network = SmallGraphs.chain(4);
        TuningResult found;
        try (SkyTrainingMaster master = builder(place).build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), network, master);
            found = master.tuner(facade, spark.parallelize(data, 2))
                    .candidates(4)
                    .simulated(20)
                    .longestRun(Duration.ofMillis(100))
                    .build()
                    .run();

            assertThat(found.failed()).isEmpty();
            assertThat(found.tuned().workers()).containsExactly("executor-0", "executor-1");
            assertThat(network.params()).isEqualTo(SmallGraphs.chain(4).params());
            facade.fit(spark.parallelize(data, 2));
            assertThat(network.getIterationCount()).isEqualTo(4);
        }
        try (SkyTrainingMaster master = builder(place).tuned(found.tuned()).build()) {
            new SparkComputationGraph(spark.context(), network, master).fit(spark.parallelize(data, 2));

            TrainingReport report = master.report();
            assertThat(report.planner()).isEqualTo("fixed");
            assertThat(report.schedule())
                    .isEqualTo(found.best().plan().schedule().label());
            assertThat(report.stages().stream().map(TrainingReport.Stage::worker))
                    .isEqualTo(found.best().plan().workers().stream()
                            .map(MasterOptions::workerName)
                            .toList());
            assertThat(report.stages().stream().map(TrainingReport.Stage::endUnit))
                    .isEqualTo(found.best().plan().ends());
        }
    }

    /** Two stages in one JVM hand tensors over: there is no transfer to measure. */
    @ParameterizedTest
    @EnumSource(names = {"DRIVER", "EXECUTORS"})
    void areMeasuredStageByStage(StagePlace place) {
        try (SkyTrainingMaster master = builder(place).planner("even").build()) {
            SparkComputationGraph facade = new SparkComputationGraph(spark.context(), SmallGraphs.chain(4), master);
            TuningResult found = master.tuner(facade, spark.parallelize(data, 2))
                    .candidates(1)
                    .repeats(0)
                    .longestRun(Duration.ofMillis(100))
                    .build()
                    .run();

            assertThat(found.best().plan().workers()).hasSize(2);
            assertThat(found.best().runs()).allSatisfy(run -> {
                assertThat(run.forwardNanos()).hasSize(2).allMatch(nanos -> nanos > 0);
                assertThat(run.backwardNanos()).hasSize(2).allMatch(nanos -> nanos > 0);
                assertThat(run.transferNanos()).containsExactly(0L);
            });
        }
    }

    @Test
    void trainAsFitDoes() {
        ComputationGraph expected = SmallGraphs.chain(4);
        ComputationGraph actual = SmallGraphs.chain(4);
        data.forEach(expected::fit);
        TunedPlan plan = plan(new Network.Uniform(Link.INSTANT), "executor-0", "executor-1");
        for (StagePlace place : List.of(StagePlace.DRIVER, StagePlace.EXECUTORS)) {
            actual = SmallGraphs.chain(4);
            try (SkyTrainingMaster master = builder(place).tuned(plan).build()) {
                new SparkComputationGraph(spark.context(), actual, master).fit(spark.parallelize(data, 2));

                assertThat(master.report().stages().stream().map(TrainingReport.Stage::worker))
                        .containsExactly("executor-1", "executor-0");
                assertThat(master.report().stages().get(0).endUnit()).isEqualTo(1);
            }
            assertThat(actual.params()).as("%s", place).isEqualTo(expected.params());
        }
    }

    @Test
    void surviveJsonAndYaml() {
        Link link = new Link(1e9, 20_000);
        for (Network network : List.of(
                new Network.Uniform(Link.INSTANT),
                new Network.UpLinks(List.of(link, Link.INSTANT)),
                new Network.Pairs(List.of(List.of(Link.INSTANT, link), List.of(link, Link.INSTANT))))) {
            SkyTrainingMaster master = builder(StagePlace.AUTOMATIC)
                    .tuned(plan(network, "executor-0", "executor-1", WireType.BFLOAT16))
                    .build();

            assertThat(SkyTrainingMaster.fromJson(master.toJson()).toJson()).isEqualTo(master.toJson());
            assertThat(SkyTrainingMaster.fromYaml(master.toYaml()).toJson()).isEqualTo(master.toJson());
            assertThat(MasterFormat.JSON.read(master.toJson()).tuned())
                    .isEqualTo(plan(network, "executor-0", "executor-1", WireType.BFLOAT16));
        }
    }

    @Test
    void areRefusedForOtherWorkersSayingWhich() {
        TunedPlan plan = plan(new Network.Uniform(Link.INSTANT), "executor-0", "executor-1");
        assertThatThrownBy(() -> new SkyTrainingMaster.Builder(3).tuned(plan).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a plan for 2 workers")
                .hasMessageContaining("one for the 3 of this master");
        assertThatThrownBy(() -> new SkyTrainingMaster.Builder(2)
                        .tuned(plan(new Network.Uniform(Link.INSTANT), "gpu", "laptop"))
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[gpu, laptop]")
                .hasMessageContaining("[executor-0, executor-1]");
    }

    /** The second worker has the first unit, the first one the rest. */
    private static TunedPlan plan(Network network, String first, String second) {
        return plan(network, first, second, WireType.EXACT);
    }

    private static TunedPlan plan(Network network, String first, String second, WireType wire) {
        int units = SmallGraphs.chain(4).getConfiguration().getVertices().size();
        return new TunedPlan(
                List.of(new StagePlan(1, 0, 1), new StagePlan(0, 1, units)),
                List.of(1, 1),
                ScheduleKind.GPIPE,
                1,
                false,
                wire,
                new Cluster(
                        List.of(
                                new WorkerProfile(first, 1, Map.of("dense", 2.5), Long.MAX_VALUE),
                                new WorkerProfile(second, 4, Long.MAX_VALUE)),
                        network));
    }

    private static SkyTrainingMaster.Builder builder(StagePlace place) {
        return new SkyTrainingMaster.Builder(2)
                .stagePlace(place)
                .microBatches(2)
                .slowdowns(0, 2)
                .profiling(Duration.ofMillis(20));
    }
}
