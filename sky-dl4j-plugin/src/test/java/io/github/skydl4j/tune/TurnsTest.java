package io.github.skydl4j.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TurnsTest {
    private static final TrialPlan PLAN = plan(1);
    private static final TrialPlan FASTER = plan(2);
    private static final TrialPlan EQUAL = plan(3);

    @Test
    void comparesWithinATurnWhatTheMachineDisturbsInAll() {
        Turns turns = new Turns(
                PLAN,
                List.of(
                        Map.of(PLAN, 100L, FASTER, 90L, EQUAL, 101L),
                        Map.of(PLAN, 300L, FASTER, 270L, EQUAL, 297L),
                        Map.of(PLAN, 150L, FASTER, 135L, EQUAL, 150L)));
        assertThat(turns.ratio(FASTER)).hasValueCloseTo(0.9, within(1e-9));
        assertThat(turns.ratio(EQUAL)).hasValueCloseTo(1.0, within(1e-9));
        assertThat(turns.ratio(PLAN)).hasValueCloseTo(1.0, within(0.0));
        assertThat(turns.spread().orElseThrow()).isBetween(0.004, 0.008);
    }

    @Test
    void leavesOutTurnsInWhichOneOfTheTwoDidNotRun() {
        Turns turns = new Turns(PLAN, List.of(Map.of(PLAN, 100L, FASTER, 80L), Map.of(FASTER, 50L), Map.of(PLAN, 70L)));
        assertThat(turns.ratio(FASTER)).hasValueCloseTo(0.8, within(1e-9));
        assertThat(turns.ratio(EQUAL)).isEmpty();
        assertThat(turns.spread()).isEmpty();
    }

    private static TrialPlan plan(int microBatches) {
        return new TrialPlan(List.of(0), List.of(4), microBatches, ScheduleKind.GPIPE, List.of(1), false, 0);
    }
}
