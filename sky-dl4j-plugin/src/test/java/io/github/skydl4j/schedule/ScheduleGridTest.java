package io.github.skydl4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Golden grids: the order of work, as a person would draw it. */
class ScheduleGridTest {

    private static final StageTimes THREE_EQUAL_STAGES = StageTimes.uniform(3, 1, 1, 0);

    @Test
    void gpipeDoesAllForwardsThenAllBackwards() {
        assertThat(ScheduleGrid.render(ScheduleKind.GPIPE.build(THREE_EQUAL_STAGES, 4)))
                .isEqualTo("""
                        stage 0 | F0 F1 F2 F3 .. .. .. .. B0 B1 B2 B3
                        stage 1 | .. F0 F1 F2 F3 .. .. B0 B1 B2 B3 ..
                        stage 2 | .. .. F0 F1 F2 F3 B0 B1 B2 B3 .. ..
                        """);
    }

    @Test
    void oneForwardOneBackwardKeepsAsManyInFlightAsThereAreStagesAhead() {
        assertThat(ScheduleGrid.render(ScheduleKind.ONE_F_ONE_B.build(THREE_EQUAL_STAGES, 4)))
                .isEqualTo("""
                        stage 0 | F0 F1 F2 .. .. B0 F3 B1 .. B2 .. B3
                        stage 1 | .. F0 F1 .. B0 F2 B1 F3 B2 .. B3 ..
                        stage 2 | .. .. F0 B0 F1 B1 F2 B2 F3 B3 .. ..
                        """);
    }

    @Test
    void roundTripWarmsUpDeeperWhereLinksAreSlow() {
        assertThat(ScheduleGrid.render(ScheduleKind.ROUND_TRIP.build(StageTimes.uniform(3, 1, 1, 2), 5)))
                .isEqualTo("""
                        stage 0 | F0 F1 F2 F3 F4 .. B0 .. B1 B2 .. B3 .. B4
                        stage 1 | .. F0 F1 F2 F3 B0 F4 B1 B2 .. B3 .. B4 ..
                        stage 2 | .. .. F0 B0 F1 B1 F2 B2 F3 B3 F4 B4 .. ..
                        """);
    }

    @Test
    void aSingleStageTakesEveryMicroBatchForwardAndBackward() {
        assertThat(ScheduleGrid.render(ScheduleKind.ONE_F_ONE_B.build(StageTimes.uniform(1, 1, 1, 0), 3)))
                .isEqualTo("stage 0 | F0 B0 F1 B1 F2 B2\n");
    }
}
