package io.github.skydl4j.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.testing.SmallGraphs;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Links of 16 bits round alike whatever plays the workers. */
@Timeout(120)
class WireTypesTest {
    private static final int EPOCHS = 2;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(WireType.class)
    void workersOfAClusterAndThreadsAgreeBitForBit(WireType wire) throws InterruptedException {
        INDArray inThreads = trainInThreads(wire, Worker.named("a"), Worker.named("b"), Worker.named("c"));
        ComputationGraph network = SmallGraphs.chain(5);
        try (LocalCluster cluster = new LocalCluster(folder, 5);
                Coordinator coordinator = cluster.coordinator(3, false);
                SkyTrainer trainer = SkyTrainer.builder(network)
                        .cluster(coordinator)
                        .wire(wire)
                        .planner(new EvenPlanner())
                        .microBatches(2)
                        .profiling(Duration.ofMillis(20))
                        .build()) {
            cluster.start("a", "b", "c");
            trainer.fit(SmallGraphs.data(48, 8, 1), EPOCHS);
            assertThat(trainer.report().stages().stream().map(TrainingReport.Stage::wire))
                    .containsExactly(wire.label(), wire.label(), "exact");
        }
        assertThat(network.params()).isEqualTo(inThreads);
    }

    @Test
    void oneWorkersTypeHoldsOnItsLinksAlone() {
        ComputationGraph network = SmallGraphs.chain(5);
        List<Worker> workers =
                List.of(Worker.named("a"), Worker.named("b"), Worker.named("c").withWire(WireType.BFLOAT16));
        try (SkyTrainer trainer = trainer(network, WireType.EXACT, workers.toArray(Worker[]::new))) {
            trainer.fit(SmallGraphs.data(48, 8, 1), EPOCHS);
            assertThat(trainer.report().stages().stream().map(TrainingReport.Stage::wire))
                    .containsExactly("exact", "bfloat16", "exact");
        }
    }

    @Test
    void sixteenBitsChangeTheNumbersALittle() {
        Worker[] workers = {Worker.named("a"), Worker.named("b"), Worker.named("c")};
        INDArray exact = trainInThreads(WireType.EXACT, workers);
        INDArray rounded = trainInThreads(WireType.FLOAT16, workers);
        assertThat(rounded).isNotEqualTo(exact);
        assertThat(rounded.equalsWithEps(exact, 0.02)).isTrue();
    }

    private static INDArray trainInThreads(WireType wire, Worker... workers) {
        ComputationGraph network = SmallGraphs.chain(5);
        try (SkyTrainer trainer = trainer(network, wire, workers)) {
            trainer.fit(SmallGraphs.data(48, 8, 1), EPOCHS);
        }
        return network.params();
    }

    private static SkyTrainer trainer(ComputationGraph network, WireType wire, Worker... workers) {
        return SkyTrainer.builder(network)
                .workers(workers)
                .wire(wire)
                .planner(new EvenPlanner())
                .microBatches(2)
                .profiling(Duration.ofMillis(20))
                .build();
    }
}
