package io.github.skydl4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DispatchRuleTest {

    @Test
    void patientStageLetsTheGradientPassThatIsOnItsWay() {
        StageTimes times = StageTimes.uniform(2, 3, 6, 0);
        // Stage 0 is free at 9, when its second input has long been there; the first gradient comes at 12.
        assertThat(order(times, 4, DispatchRule.BACKWARD_FIRST)).startsWith("F0 F1 F2 F3");
        assertThat(order(times, 4, DispatchRule.leading(0, 1, 1))).startsWith("F0 F1 F2 B0");
    }

    @Test
    void leadingStageTakesForwardsUntilItIsSoFarAhead() {
        StageTimes times = StageTimes.uniform(1, 1, 1, 0);
        assertThat(order(times, 5, DispatchRule.leading(3, 0, 0))).isEqualTo("F0 F1 F2 B0 F3 B1 F4 B2 B3 B4");
        assertThat(order(times, 5, DispatchRule.BACKWARD_FIRST)).isEqualTo("F0 B0 F1 B1 F2 B2 F3 B3 F4 B4");
    }

    @Test
    void countedForwardsComeBeforeAnyBackward() {
        StageTimes times = StageTimes.uniform(1, 1, 1, 0);
        assertThat(order(times, 4, DispatchRule.forwardsUntil(3))).isEqualTo("F0 F1 F2 B0 B1 B2 F3 B3");
    }

    private static String order(StageTimes times, int microBatches, DispatchRule rule) {
        List<Integer> limits = IntStream.range(0, times.stageCount())
                .mapToObj(stage -> microBatches)
                .toList();
        return String.join(
                " ",
                ListScheduling.order(times, microBatches, limits, rule).get(0).stream()
                        .map(Action::toString)
                        .toList());
    }
}
