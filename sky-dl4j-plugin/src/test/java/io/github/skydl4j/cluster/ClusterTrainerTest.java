package io.github.skydl4j.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.Worker;
import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.MonitoredStep;
import io.github.skydl4j.monitor.RunEvent;
import io.github.skydl4j.monitor.RunEvent.Kind;
import io.github.skydl4j.monitor.StageEvent;
import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.testing.SmallGraphs;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** The trainer over a cluster does what it does in one JVM. */
@Timeout(120)
class ClusterTrainerTest {
    private static final int EPOCHS = 3;

    @TempDir
    private Path folder;

    @Test
    void refusesAnOwnerOfBothEnds() {
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(2, false)) {
            SkyTrainer.Builder builder = SkyTrainer.builder(SmallGraphs.chain(5))
                    .workers(Worker.named("a"), Worker.named("b"))
                    .owner("a")
                    .cluster(coordinator);

            assertThatThrownBy(builder::build)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("owner is a, and the workers are those of a cluster");
        }
    }

    @Test
    void leavesTheNetworkAsFitDoes() throws InterruptedException {
        ComputationGraph network = SmallGraphs.chain(5);
        ComputationGraph whole = SmallGraphs.chain(5);
        DataSetIterator data = SmallGraphs.data(50, 8, 1);
        DataSetIterator heldOut = SmallGraphs.data(30, 8, 2);
        List<Double> scores = new ArrayList<>();
        List<INDArray> parameters = new ArrayList<>();
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(2, false);
                SkyTrainer trainer = SkyTrainer.builder(network)
                        .cluster(coordinator)
                        .microBatches(1)
                        .profiling(Duration.ofMillis(20))
                        .listeners(new Recorder(scores, parameters))
                        .build()) {
            cluster.start("a", "b");
            trainer.fit(data, EPOCHS);
            assertThat(trainer.evaluate(heldOut).accuracy())
                    .isEqualTo(network.evaluate(heldOut).accuracy());
            assertThat(trainer.report().stages())
                    .isNotEmpty()
                    .allMatch(stage -> stage.worker().matches("[ab]"));
            assertThat(trainer.report().epochs()).hasSize(EPOCHS);
        }
        List<Double> expectedScores = new ArrayList<>();
        List<INDArray> expectedParameters = new ArrayList<>();
        whole.setListeners(new Recorder(expectedScores, expectedParameters));
        whole.fit(data, EPOCHS);
        assertThat(network.params()).isEqualTo(whole.params());
        assertThat(network.getUpdater().getStateViewArray())
                .isEqualTo(whole.getUpdater().getStateViewArray());
        assertThat(network.getEpochCount()).isEqualTo(EPOCHS);
        assertThat(network.getIterationCount()).isEqualTo(whole.getIterationCount());
        assertThat(parameters).isEqualTo(expectedParameters);
        for (int i = 0; i < scores.size(); i++) {
            assertThat(scores.get(i)).isCloseTo(expectedScores.get(i), within(1e-12));
        }
    }

    @Test
    void usesAWorkerThatJoinsDuringAnEpochInTheNext() throws InterruptedException {
        ComputationGraph network = SmallGraphs.chain(5);
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(1, false);
                SkyTrainer trainer = SkyTrainer.builder(network)
                        .cluster(coordinator)
                        .microBatches(2)
                        .profiling(Duration.ofMillis(20))
                        .build()) {
            cluster.start("slow", new WorkerTraits(1, Long.MAX_VALUE, "test", 50));
            trainer.fit(SmallGraphs.data(16, 8, 1));
            assertThat(trainer.report().stages())
                    .extracting(stage -> stage.worker())
                    .containsExactly("slow");
            cluster.start("fast");
            trainer.fit(SmallGraphs.data(16, 8, 1));
            trainer.fit(SmallGraphs.data(16, 8, 1));
            assertThat(trainer.report().stages())
                    .extracting(stage -> stage.worker())
                    .contains("fast");
        }
    }

    @Test
    void monitorSeesWhatTheWorkersDo() throws InterruptedException {
        int microBatches = 4;
        ComputationGraph network = SmallGraphs.chain(5);
        try (Monitor monitor = new Monitor("cluster", Clock.systemUTC());
                LocalCluster cluster = new LocalCluster(folder, 5, new ClusterNews(monitor));
                Coordinator coordinator = cluster.coordinator(2, false);
                SkyTrainer trainer = SkyTrainer.builder(network)
                        .cluster(coordinator)
                        .planner(new EvenPlanner())
                        .microBatches(microBatches)
                        .profiling(Duration.ofMillis(20))
                        .monitor(monitor)
                        .build()) {
            cluster.start("a", "b");
            trainer.fit(SmallGraphs.data(48, 8, 1));
            MonitoredStep step = monitor.view().last().orElseThrow();
            for (int stage = 0; stage < 2; stage++) {
                for (Activity activity : List.of(Activity.FORWARD, Activity.BACKWARD)) {
                    assertThat(step.events())
                            .filteredOn(event -> event.activity() == activity)
                            .filteredOn(on(stage))
                            .extracting(StageEvent::microBatch)
                            .containsExactlyInAnyOrder(0, 1, 2, 3);
                }
            }
            assertThat(step.events())
                    .allSatisfy(event -> assertThat(event.step()).isEqualTo(step.step()))
                    .filteredOn(event -> event.activity() == Activity.UPDATE)
                    .hasSize(2);
            cluster.kill("b");
            trainer.fit(SmallGraphs.data(48, 8, 1));
            assertThat(monitor.view().events())
                    .extracting(RunEvent::kind)
                    .contains(Kind.WORKER_JOINED, Kind.PLANNED, Kind.WORKER_LOST, Kind.RESUMED, Kind.REPLANNED);
            assertThat(monitor.view().last().orElseThrow().events()).allMatch(on(0));
        }
    }

    private static Predicate<StageEvent> on(int stage) {
        return event -> event.stage() == stage;
    }

    /** Looks at what only a network that is up to date can show. */
    private static final class Recorder extends BaseTrainingListener {
        private final List<Double> scores;
        private final List<INDArray> parameters;

        Recorder(List<Double> scores, List<INDArray> parameters) {
            this.scores = scores;
            this.parameters = parameters;
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            scores.add(model.score());
            parameters.add(model.params().dup());
        }
    }
}
