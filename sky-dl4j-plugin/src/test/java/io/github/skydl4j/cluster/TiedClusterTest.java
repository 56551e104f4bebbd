package io.github.skydl4j.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.testing.MaskedSentences;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.learning.config.Adam;

/** A masked language model on several workers: the two copies of its word table stay one. */
@Timeout(120)
class TiedClusterTest {
    private static final int STEPS = 8;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"", "a"})
    void trainsBitForBitLikeFitAlsoWhenAWorkerDies(String victim) throws InterruptedException {
        ComputationGraph network = model();
        BatchCutter cutter = new BatchCutter(network.getConfiguration());
        List<MicroBatch> sample = cutter.cut(MaskedSentences.batch(DataType.FLOAT, 0), 1);
        try (LocalCluster cluster = new LocalCluster(folder, 3);
                Coordinator coordinator = cluster.coordinator(3, false)) {
            cluster.start("a", "b", "c");
            coordinator.awaitWorkers();
            try (ClusterPipeline pipeline = coordinator.pipeline(network, LocalCluster.settings(1), sample.get(0), 1)) {
                for (int step = 0; step < STEPS; step++) {
                    if (step == STEPS / 2 && !victim.isEmpty()) {
                        cluster.start("d");
                        cluster.kill(victim);
                    }
                    pipeline.train(cutter.cut(MaskedSentences.batch(DataType.FLOAT, step), 1));
                    network.getConfiguration().setIterationCount(step + 1);
                }
                assertThat(pipeline.workers()).as("stages").hasSizeGreaterThan(1);
                pipeline.publish();
            }
        }
        ComputationGraph whole = model();
        for (int step = 0; step < STEPS; step++) {
            whole.fit(MaskedSentences.batch(DataType.FLOAT, step));
        }
        assertThat(network.params()).isEqualTo(whole.params());
        assertThat(network.paramTable().get("decoder_W"))
                .isEqualTo(network.paramTable().get("embeddings_word"));
    }

    private static ComputationGraph model() {
        return MaskedSentences.model(0.1, DataType.FLOAT, new Adam(0.01));
    }
}
