package io.github.skydl4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.plan.WorkerProfile;
import io.github.skydl4j.testing.SmallGraphs;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;

class WorkerMeasurementTest {
    private static final List<UnitProfile> REFERENCE =
            List.of(unit("embeddings", "Embeddings", 100), unit("block0", "Block", 400), unit("block1", "Block", 400));

    @Test
    void aWorkerThatIsFastOnBlocksAndSlowOnEmbeddingsIsDescribedKindByKind() {
        List<UnitProfile> here = List.of(
                unit("embeddings", "Embeddings", 300), unit("block0", "Block", 100), unit("block1", "Block", 100));
        WorkerProfile worker = WorkerMeasurement.here(here, REFERENCE).profile("gpu");
        assertThat(worker.slownessOf(REFERENCE.get(0))).isEqualTo(3);
        assertThat(worker.slownessOf(REFERENCE.get(1))).isEqualTo(0.25);
        assertThat(worker.slowness()).isCloseTo(500.0 / 900, within(1e-9));
        assertThat(worker.hasMemoryLimit()).isTrue();
    }

    @Test
    void anotherModelIsRefused() {
        assertThatThrownBy(() -> WorkerMeasurement.here(REFERENCE.subList(0, 1), REFERENCE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the units measured here are [embeddings]");
    }

    @Test
    void measuresTheModelsOwnUnitsAndWhatIsFree() {
        ComputationGraph network = SmallGraphs.chain(3);
        MicroBatch sample = new BatchCutter(network.getConfiguration())
                .cut(SmallGraphs.data(20, 20, 1).next().toMultiDataSet(), 4)
                .get(0);
        Duration quick = Duration.ofMillis(1);
        List<UnitProfile> reference = new UnitProfiler(quick, quick).measure(network, sample, 4);
        WorkerMeasurement here = new WorkerProfiler(quick, quick).measure(network, sample, 4, reference);
        assertThat(here.slownessOfKind()).containsOnlyKeys("DenseLayer", "OutputLayer");
        assertThat(here.machine().cores()).isEqualTo(Runtime.getRuntime().availableProcessors());
        assertThat(here.memory().heapBytes())
                .isBetween(1L << 20, Runtime.getRuntime().maxMemory());
        assertThat(here.memory().offHeapBytes()).isPositive();
        assertThat(here.memory().deviceBytes()).isZero();
        assertThat(here.stretched(3).slowness()).isCloseTo(3 * here.slowness(), within(1e-9));
    }

    private static UnitProfile unit(String name, String kind, long nanos) {
        return new UnitProfile(name, kind, nanos / 4, nanos - nanos / 4, 0, 0, 0, 0, 0);
    }
}
