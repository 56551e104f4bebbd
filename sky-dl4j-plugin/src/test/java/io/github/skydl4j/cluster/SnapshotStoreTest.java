package io.github.skydl4j.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.graph.GraphSplitter;
import io.github.skydl4j.graph.GraphState;
import io.github.skydl4j.testing.SmallGraphs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is on the disk is whole, or it is not used. */
class SnapshotStoreTest {
    private static final String MODEL = "model";

    @TempDir
    private Path folder;

    private final ComputationGraph network = SmallGraphs.chain(3);

    @Test
    void givesBackWhatWasWritten() {
        network.fit(SmallGraphs.data(16, 8, 1));
        try (SnapshotStore store = new SnapshotStore(folder)) {
            store.write(network, MODEL, new SnapshotMark(2, 0, 2));
        }
        try (SnapshotStore store = new SnapshotStore(folder)) {
            Snapshot latest = store.latest().orElseThrow();
            ComputationGraph restored = restored(latest);
            assertThat(latest.mark()).isEqualTo(new SnapshotMark(2, 0, 2));
            assertThat(restored.params()).isEqualTo(network.params());
            assertThat(restored.getUpdater().getStateViewArray())
                    .isEqualTo(network.getUpdater().getStateViewArray());
        }
    }

    @Test
    void keepsTheLastTwo() throws IOException {
        try (SnapshotStore store = new SnapshotStore(folder)) {
            for (int step = 0; step < 5; step++) {
                store.write(network, MODEL, new SnapshotMark(step, 0, step));
            }
            assertThat(names()).containsExactly("lock", "step-0000000003", "step-0000000004");
        }
    }

    @Test
    void fallsBackToTheOneBeforeWhenTheLastIsDamaged() throws IOException {
        try (SnapshotStore store = new SnapshotStore(folder)) {
            store.write(network, MODEL, new SnapshotMark(1, 0, 1));
            Snapshot last = store.write(network, MODEL, new SnapshotMark(2, 0, 2));
            Path file = last.folder().resolve("unit-00001.state");
            byte[] bytes = Files.readAllBytes(file);
            bytes[bytes.length / 2] ^= 1;
            Files.write(file, bytes);
        }
        try (SnapshotStore store = new SnapshotStore(folder)) {
            assertThat(store.latest().orElseThrow().mark().iteration()).isEqualTo(1);
            store.write(network, MODEL, new SnapshotMark(2, 0, 2));
            assertThat(store.latest().orElseThrow().mark().iteration()).isEqualTo(2);
        }
    }

    @Test
    void removesWhatAKilledProcessLeftUnfinished() throws IOException {
        try (SnapshotStore store = new SnapshotStore(folder);
                SnapshotDraft draft = store.draft(MODEL, new SnapshotMark(1, 0, 1))) {
            StateParts.send(0, GraphState.of(network).values(), draft::write);
        }
        try (SnapshotStore store = new SnapshotStore(folder)) {
            assertThat(store.latest()).isEmpty();
            assertThat(names()).containsExactly("lock");
        }
    }

    @Test
    void letsOneRunAtATimeUseAFolder() {
        try (SnapshotStore store = new SnapshotStore(folder)) {
            assertThat(store.latest()).isEmpty();
            assertThatThrownBy(() -> new SnapshotStore(folder))
                    .isInstanceOf(SnapshotException.class)
                    .hasMessageContaining("is in use by another run");
        }
    }

    private static ComputationGraph restored(Snapshot snapshot) {
        ComputationGraph fresh = SmallGraphs.chain(3);
        StateFilling filling = new StateFilling(GraphState.of(fresh).values());
        snapshot.read(new GraphSplitter(fresh).units(), filling::accept);
        assertThat(filling.missing()).isZero();
        return fresh;
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
