package io.github.skydl4j.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.StepListener;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.testing.SmallGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProfileStoreTest {
    private static final Duration QUICK = Duration.ofMillis(1);

    @TempDir
    private Path folder;

    private final ComputationGraph network = SmallGraphs.chain(3);

    @Test
    void whatWasMeasuredIsReadBackAsItWas() {
        ProfileStore.Found measured = get(network, 4);
        ProfileStore.Found reused = get(network, 4);
        assertThat(measured.origin()).startsWith("measured in ").contains("kept as " + folder);
        assertThat(reused.origin()).startsWith("reused " + folder);
        assertThat(reused.profile()).isEqualTo(measured.profile());
    }

    @Test
    void aTrainedNetworkIsStillTheSameModel() {
        get(network, 4);
        network.fit(SmallGraphs.data(40, 20, 1), 2);
        assertThat(get(network, 4).origin()).startsWith("reused ");
    }

    @Test
    void anotherModelMicroBatchOrNumberOfThemIsMeasured() {
        get(network, 4);
        assertThat(get(SmallGraphs.chain(4), 4).origin()).startsWith("measured ");
        assertThat(get(network, 2).origin()).startsWith("measured ");
        assertThat(get(network, 4).origin()).startsWith("reused ");
    }

    @Test
    void aFileThatCannotBeUsedIsMeasuredAgain() throws IOException {
        get(network, 4);
        Path file = onlyFile();
        String good = Files.readString(file);
        for (String bad : List.of(
                "",
                "{",
                good.replace("\"rows\"", "\"raws\""),
                good.replace("\"units\" : [", "\"units\" : 3, \"x\" : ["))) {
            Files.writeString(file, bad);
            assertThat(get(network, 4).origin()).as(bad).startsWith("measured ");
            assertThat(get(network, 4).origin()).startsWith("reused ");
        }
    }

    @Test
    void aFolderThatCannotBeWrittenCostsTheReuseOnly() throws IOException {
        Path blocked = Files.writeString(folder.resolve("file"), "in the way");
        ProfileStore store = ProfileStore.in(blocked.resolve("profiles"));
        assertThat(store.get(network, sample(network, 4), 4, QUICK).origin()).endsWith("not kept");
    }

    @Test
    void aTrainerReusesTheProfileOfAnEarlierOne() {
        List<String> origins = new ArrayList<>();
        for (int run = 0; run < 2; run++) {
            try (SkyTrainer trainer = SkyTrainer.builder(network)
                    .profiles(folder)
                    .profiling(QUICK)
                    .microBatches(4)
                    .stepListeners(new StepListener() {
                        @Override
                        public void profiled(String origin) {
                            origins.add(origin.substring(0, 6));
                        }
                    })
                    .build()) {
                trainer.fit(SmallGraphs.data(20, 20, 1));
                assertThat(trainer.report().predictedStepMillis()).isPositive();
            }
        }
        assertThat(origins).containsExactly("measur", "reused");
    }

    private ProfileStore.Found get(ComputationGraph model, int microBatches) {
        return ProfileStore.in(folder).get(model, sample(model, microBatches), microBatches, QUICK);
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.reduce((a, b) -> {
                        throw new AssertionError("two files: " + a + " and " + b);
                    })
                    .orElseThrow();
        }
    }

    private static MicroBatch sample(ComputationGraph model, int microBatches) {
        return new BatchCutter(model.getConfiguration())
                .cut(SmallGraphs.data(20, 20, 1).next().toMultiDataSet(), microBatches)
                .get(0);
    }
}
