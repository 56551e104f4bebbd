package io.github.skydl4j.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.plan.Cluster;
import io.github.skydl4j.plan.InfeasiblePlanException;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.testing.FailingVertex;
import io.github.skydl4j.testing.SmallGraphs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Training on workers gives the numbers of {@code fit}, whatever happens to the workers. */
@Timeout(120)
class ClusterPipelineTest {
    private static final int STEPS = 24;

    @TempDir
    private Path folder;

    private final List<DataSet> batches = batches();
    private ComputationGraph network = SmallGraphs.chain(6);
    private final BatchCutter cutter = new BatchCutter(network.getConfiguration());

    @Test
    void trainsBitForBitLikeFit() throws InterruptedException {
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(3, false)) {
            cluster.start("a", "b", "c");
            coordinator.awaitWorkers();
            try (ClusterPipeline pipeline = pipeline(coordinator, 1)) {
                train(pipeline, 0, STEPS, 1, step -> {});
                pipeline.publish();
            }
            assertTrainedLikeFit();
        }
    }

    @Test
    void losesNothingWhenWorkersDieOneAfterAnother() throws InterruptedException {
        Random random = new Random(3);
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(3, false)) {
            cluster.start("a", "b", "c");
            coordinator.awaitWorkers();
            try (ClusterPipeline pipeline = pipeline(coordinator, 1)) {
                train(pipeline, 0, STEPS, 1, step -> {
                    if (step % 4 == 3) {
                        List<String> workers = pipeline.workers();
                        String victim = workers.get(random.nextInt(workers.size()));
                        cluster.start("n" + step);
                        cluster.kill(victim);
                    }
                });
                pipeline.publish();
            }
            assertTrainedLikeFit();
            assertThat(cluster.events).hasAtLeastOneElementOfType(ClusterEvent.Recovered.class);
        }
    }

    @Test
    void goesOnFromTheLastSnapshotAfterTheCoordinatorDied() throws InterruptedException {
        int died = 13;
        try (LocalCluster cluster = new LocalCluster(folder, 5)) {
            Coordinator first = cluster.coordinator(2, false);
            cluster.start("a", "b");
            first.awaitWorkers();
            ClusterPipeline pipeline = pipeline(first, 1);
            train(pipeline, 0, died, 1, step -> {});
            first.abort();
        }
        network = SmallGraphs.chain(6);
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator second = cluster.coordinator(2, true)) {
            cluster.start("a", "b");
            int done = second.resume(network);
            assertThat(done).isPositive().isLessThanOrEqualTo(died);
            assertThat(network.getIterationCount()).isEqualTo(done);
            second.awaitWorkers();
            try (ClusterPipeline pipeline = pipeline(second, 1)) {
                train(pipeline, done, STEPS, 1, step -> {});
                pipeline.publish();
            }
            assertTrainedLikeFit();
        }
    }

    @Test
    void triesAStepAgainWhoseStageFailed() throws InterruptedException {
        network = SmallGraphs.chain(3, new FailingVertex());
        ComputationGraph whole = network.clone();
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(2, false)) {
            cluster.start("a", "b");
            coordinator.awaitWorkers();
            try (ClusterPipeline pipeline = pipeline(coordinator, 1)) {
                train(pipeline, 0, 8, 1, step -> {
                    if (step == 6) {
                        FailingVertex.FORWARDS_LEFT.set(0);
                    }
                });
                pipeline.publish();
            }
        } finally {
            FailingVertex.heal();
        }
        batches.subList(0, 8).forEach(whole::fit);
        assertThat(network.params()).isEqualTo(whole.params());
    }

    @Test
    void saysWhatIsMissingWhenThoseLeftCannotHoldTheModel() throws InterruptedException {
        try (LocalCluster cluster = new LocalCluster(folder, 5)) {
            Coordinator coordinator = cluster.coordinator(2, false);
            cluster.start("small", new WorkerTraits(1, 10_000, "test", 0));
            cluster.start("large", new WorkerTraits(1, 1 << 20, "test", 0));
            coordinator.awaitWorkers();
            ClusterPipeline pipeline = pipeline(coordinator, 1);
            train(pipeline, 0, 7, 1, step -> {});
            pipeline.publish();
            cluster.kill("large");
            assertThatThrownBy(() -> train(pipeline, 7, STEPS, 1, step -> {}))
                    .isInstanceOf(InfeasiblePlanException.class)
                    .hasMessageContaining("the model needs")
                    .hasMessageContaining("the state of step 7 is in " + folder)
                    .hasMessageContaining("--resume");
            coordinator.abort();
        }
    }

    @Test
    void letsAWorkerLeaveAfterItsStageIsSomewhereElse() throws InterruptedException {
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(2, false)) {
            cluster.start("a", "b");
            coordinator.awaitWorkers();
            try (ClusterPipeline pipeline = pipeline(coordinator, 1)) {
                train(pipeline, 0, 9, 1, step -> {});
                cluster.node("b").leave();
                cluster.awaitEnd(
                        "b", () -> pipeline.infer(cutter.cut(batches.get(0).toMultiDataSet(), 1)));
                assertThat(hosts(pipeline)).containsExactly("a");
                train(pipeline, 9, STEPS, 1, step -> {});
                pipeline.publish();
            }
            assertTrainedLikeFit();
        }
    }

    /** The first of them was once planned for alone, and had everything until the next plan. */
    @Test
    void plansForAllWhoAreStartedAgainTogether() throws InterruptedException {
        AtomicReference<Consumer<ClusterEvent>> follower = new AtomicReference<>(event -> {});
        try (LocalCluster cluster =
                        new LocalCluster(folder, 5, event -> follower.get().accept(event));
                Coordinator coordinator = cluster.coordinator(3, Duration.ofSeconds(15), false)) {
            cluster.start("a", "b", "c");
            coordinator.awaitWorkers();
            try (ClusterPipeline pipeline = pipeline(coordinator, 1)) {
                train(pipeline, 0, STEPS, 1, step -> {
                    if (step == 7) {
                        follower.set(event -> {
                            if (event instanceof ClusterEvent.Joined joined
                                    && joined.worker().equals("a.1")) {
                                cluster.start("b.1", "c.1");
                            }
                        });
                        List.of("a", "b", "c").forEach(cluster::kill);
                        cluster.start("a.1");
                    }
                });
                assertThat(pipeline.workers()).containsExactly("a.1", "b.1", "c.1");
                pipeline.publish();
            }
            assertTrainedLikeFit();
        }
    }

    @Test
    void goesOnWithoutCompanionsThatDoNotComeInTime() throws InterruptedException {
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(3, Duration.ofMillis(300), false)) {
            cluster.start("a", "b", "c");
            coordinator.awaitWorkers();
            try (ClusterPipeline pipeline = pipeline(coordinator, 1)) {
                train(pipeline, 0, STEPS, 1, step -> {
                    if (step == 7) {
                        cluster.kill(hosts(pipeline).get(0));
                    }
                });
                assertThat(pipeline.workers()).hasSize(2);
                pipeline.publish();
            }
            assertTrainedLikeFit();
        }
    }

    /** "b.1" is the host that was started again in place of "b"; nothing is known of "c". */
    @Test
    void plansWithSpeedsThatAreKnownInsteadOfMeasuringThem() throws InterruptedException {
        Link link = new Link(1e9, 1000);
        KnownCosts known = KnownCosts.of(Optional.of(
                Cluster.uniform(List.of(new WorkerProfile("b", 7, 100), new WorkerProfile("a", 3, 100)), link)));
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(2, false)) {
            cluster.start("a", "b.1");
            coordinator.awaitWorkers();
            List<MicroBatch> sample = cutter.cut(batches.get(0).toMultiDataSet(), 1);
            try (ClusterPipeline pipeline =
                    coordinator.pipeline(network, LocalCluster.settings(1, known), sample.get(0), 1)) {
                assertThat(pipeline.workers()).containsExactly("a", "b.1");
                assertThat(pipeline.request().cluster())
                        .isEqualTo(Cluster.uniform(
                                List.of(
                                        new WorkerProfile("a", 3, Long.MAX_VALUE),
                                        new WorkerProfile("b", 7, Long.MAX_VALUE)),
                                link));
                train(pipeline, 0, STEPS, 1, step -> {
                    if (step == 6) {
                        cluster.start("c");
                        coordinator
                                .conversation()
                                .await(
                                        Duration.ofSeconds(10),
                                        () -> coordinator.workers().contains("c"));
                        pipeline.endEpoch();
                    }
                });
                assertThat(pipeline.request().cluster().workers().stream().map(WorkerProfile::name))
                        .containsExactly("a", "b.1", "c");
                assertThat(pipeline.request().cluster().worker(0).slowness()).isNotEqualTo(3);
                pipeline.publish();
            }
            assertTrainedLikeFit();
        }
    }

    private static List<String> hosts(ClusterPipeline pipeline) {
        return pipeline.allocation().stages().stream()
                .map(stage -> pipeline.workers().get(stage.worker()))
                .toList();
    }

    private ClusterPipeline pipeline(Coordinator coordinator, int microBatches) {
        List<MicroBatch> sample = cutter.cut(batches.get(0).toMultiDataSet(), microBatches);
        return coordinator.pipeline(network, LocalCluster.settings(microBatches), sample.get(0), sample.size());
    }

    private void train(ClusterPipeline pipeline, int first, int end, int microBatches, IntConsumer before) {
        for (int step = first; step < end; step++) {
            before.accept(step);
            pipeline.train(cutter.cut(batches.get(step).toMultiDataSet(), microBatches));
            network.getConfiguration().setIterationCount(step + 1);
        }
    }

    private void assertTrainedLikeFit() {
        ComputationGraph whole = SmallGraphs.chain(6);
        batches.forEach(whole::fit);
        assertThat(network.params()).isEqualTo(whole.params());
        INDArray state = network.getUpdater().getStateViewArray();
        assertThat(state).isEqualTo(whole.getUpdater().getStateViewArray());
    }

    private static List<DataSet> batches() {
        DataSetIterator data = SmallGraphs.data(STEPS * 8, 8, 1);
        List<DataSet> batches = new ArrayList<>();
        data.forEachRemaining(batches::add);
        return batches;
    }
}
