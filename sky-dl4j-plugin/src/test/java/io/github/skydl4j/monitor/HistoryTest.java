package io.github.skydl4j.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class HistoryTest {
    private static final Bottleneck BOTTLENECK = new Bottleneck(Bottleneck.Kind.STAGE, 0, 1);

    @Test
    void keepsEveryStepWhileThereIsRoom() {
        History history = new History(8);
        for (int step = 1; step <= 8; step++) {
            history.add(step(step, 1));
        }
        assertThat(history.points())
                .extracting(HistoryPoint::loss)
                .containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0);
    }

    @Test
    void averagesNeighboursWhenItIsFullAndLosesNoStep() {
        History history = new History(8);
        for (int step = 1; step <= 1001; step++) {
            history.add(step(step, 2));
            List<HistoryPoint> points = history.points();
            assertThat(points).hasSizeLessThanOrEqualTo(8);
            assertThat(points.stream().mapToLong(HistoryPoint::steps).sum()).isEqualTo(step);
            assertThat(points.get(0).firstStep()).isEqualTo(1);
        }
        List<HistoryPoint> points = history.points();
        assertThat(points).hasSizeGreaterThanOrEqualTo(4);
        double loss = points.stream()
                .mapToDouble(point -> point.loss() * point.steps())
                .sum();
        assertThat(loss).isCloseTo(1001.0 * 1002 / 2, within(1e-6));
        assertThat(points).allSatisfy(point -> {
            assertThat(point.stepMillis()).isCloseTo(2, within(1e-9));
            assertThat(point.samplesPerSecond()).isCloseTo(16_000, within(1e-6));
            assertThat(point.busy())
                    .hasSize(2)
                    .allSatisfy(share -> assertThat(share).isCloseTo(0.5, within(1e-9)));
        });
    }

    @Test
    void startsTheSharesAnewWhereAPlanWithOtherStagesFallsIntoAPoint() {
        History history = new History(2);
        history.add(step(1, 2));
        history.add(step(2, 3));
        history.add(step(3, 3));
        assertThat(history.points())
                .first()
                .satisfies(point -> assertThat(point.busy()).hasSize(3));
    }

    @Test
    void refusesACapacityThatCannotBeHalved() {
        assertThatThrownBy(() -> new History(7)).hasMessageContaining("7").hasMessageContaining("even");
    }

    private static StepSummary step(long step, int stages) {
        List<StageShare> shares = Collections.nCopies(stages, new StageShare(1_000_000, 500_000, 0));
        StepFacts facts = new StepFacts(step, 0, step, 32, 0, 2_000_000, List.of(), List.of());
        return new StepSummary(facts, shares, BOTTLENECK);
    }
}
