package io.github.skydl4j.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.BatchCutter;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.testing.SmallGraphs;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class UnitProfilerTest {
    private static final UnitProfiler QUICK = new UnitProfiler(Duration.ofMillis(1), Duration.ofMillis(1));

    @Test
    void equalLayersGetEqualCostsAndTheirOwnNames() {
        ComputationGraph network = SmallGraphs.chain(9);
        List<UnitProfile> units = QUICK.measure(network, sample(network), 4);
        assertThat(units)
                .extracting(UnitProfile::name)
                .startsWith("d0", "d1", "d2")
                .endsWith("out");
        UnitProfile first = units.get(1);
        assertThat(units.subList(2, 9)).allSatisfy(unit -> {
            assertThat(unit.forwardNanos()).isEqualTo(first.forwardNanos());
            assertThat(unit.updateNanos()).isEqualTo(first.updateNanos()).isPositive();
            assertThat(unit.activationBytes()).isEqualTo(first.activationBytes());
            assertThat(unit.kind()).isEqualTo("DenseLayer");
        });
        assertThat(units.get(0).parameterBytes()).isNotEqualTo(first.parameterBytes());
    }

    @Test
    void leavesParametersUpdaterStateAndCountsAsTheyWere() {
        ComputationGraph network = SmallGraphs.chain(4);
        network.fit(SmallGraphs.data(20, 20, 1));
        INDArray parameters = network.params().dup();
        INDArray state = network.getUpdater().getStateViewArray().dup();
        int iterations = network.getIterationCount();
        QUICK.measure(network, sample(network), 4);
        assertThat(network.params()).isEqualTo(parameters);
        assertThat(network.getUpdater().getStateViewArray()).isEqualTo(state);
        assertThat(network.getIterationCount()).isEqualTo(iterations);
    }

    @Test
    void aDenseLayerHoldsItsPreActivationAndItsOutput() {
        ComputationGraph network = SmallGraphs.chain(3);
        UnitProfile unit = QUICK.measure(network, sample(network), 4).get(1);
        long output = 5 * 8 * Double.BYTES;
        assertThat(unit.activationBytes()).isBetween(output, 2 * output);
        assertThat(unit.boundaryBytes()).isEqualTo(output);
        long parameters = (8 * 8 + 8) * Double.BYTES;
        assertThat(unit.parameterBytes()).isEqualTo(parameters);
        // a gradient, the sum of gradients, two moments of Adam, and errors on their way back
        assertThat(unit.stateBytes()).isBetween(4 * parameters, 4 * parameters + 2 * output);
    }

    private static MicroBatch sample(ComputationGraph network) {
        return new BatchCutter(network.getConfiguration())
                .cut(SmallGraphs.data(20, 20, 1).next().toMultiDataSet(), 4)
                .get(0);
    }
}
