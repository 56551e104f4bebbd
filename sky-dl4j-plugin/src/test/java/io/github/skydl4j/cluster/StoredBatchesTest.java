package io.github.skydl4j.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.testing.SmallGraphs;
import io.github.skydl4j.transport.MessageCodec;
import io.github.skydl4j.transport.WireWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** Batches that workers read by themselves: the coordinator names them, and sends nothing of what is in them. */
@Timeout(120)
class StoredBatchesTest {
    private static final int STEPS = 200;
    private static final int MICRO_BATCHES = 2;
    private static final int ROWS = 64;

    @TempDir
    private Path folder;

    private final List<DataSet> batches = batches();

    @Test
    void areNamedToTheWorkersAndNotSent() {
        ComputationGraph network = SmallGraphs.chain(4);
        try (LocalCluster cluster = new LocalCluster(folder, STEPS + 1)) {
            cluster.reader = path -> batches.get(Integer.parseInt(path)).toMultiDataSet();
            SentMessages sent = new SentMessages(cluster.join(Coordinator.ID));
            try (Coordinator coordinator = cluster.coordinator(2, Duration.ZERO, false, sent)) {
                cluster.start("a", "b");
                coordinator.awaitWorkers();
                List<MicroBatch> sample = new BatchCutter(network.getConfiguration())
                        .cut(batches.get(0).toMultiDataSet(), MICRO_BATCHES);
                try (ClusterPipeline pipeline = coordinator.pipeline(
                        network, LocalCluster.settings(MICRO_BATCHES), sample.get(0), MICRO_BATCHES)) {
                    sent.messages.clear();
                    for (int step = 0; step < STEPS; step++) {
                        String next = step + 1 < STEPS ? String.valueOf(step + 1) : "";
                        pipeline.train(new StoredBatch(String.valueOf(step), next));
                        network.getConfiguration().setIterationCount(step + 1);
                    }
                    pipeline.publish();
                }
            }
            assertThat(orders(sent, Order.Fetch.class)).hasSizeGreaterThanOrEqualTo(STEPS);
            assertThat(orders(sent, Order.Feed.class).flatMap(feed -> feed.batch().stream()))
                    .allSatisfy(part -> assertThat(
                                    Stream.of(part.features(), part.featureMasks(), part.labels(), part.labelMasks()))
                            .allMatch(Map::isEmpty));
            long batchBytes = 8L * ROWS * (SmallGraphs.INPUTS + SmallGraphs.CLASSES);
            assertThat(bytes(sent) / STEPS).as("bytes of a step").isLessThan(batchBytes / 2);
        }
        ComputationGraph expected = SmallGraphs.chain(4);
        batches.forEach(expected::fit);
        assertThat(network.params().distance2(expected.params())).isLessThan(1e-9);
    }

    private static <T extends Order> Stream<T> orders(SentMessages sent, Class<T> kind) {
        return sent.messages.stream().filter(kind::isInstance).map(kind::cast);
    }

    private static long bytes(SentMessages sent) {
        MessageCodec codec = ClusterCodec.codec();
        long bytes = 0;
        for (var message : sent.messages) {
            WireWriter out = new WireWriter(1 << 20);
            codec.write(message, out);
            bytes += out.size();
        }
        return bytes;
    }

    private static List<DataSet> batches() {
        DataSetIterator data = SmallGraphs.data(STEPS * ROWS, ROWS, 1);
        List<DataSet> batches = new ArrayList<>();
        data.forEachRemaining(batches::add);
        return batches;
    }
}
