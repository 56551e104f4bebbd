package io.github.skydl4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ScheduleKindTest {

    @ParameterizedTest
    @EnumSource
    void isValidForRandomTimesAndKeepsItsInFlightLimits(ScheduleKind kind) {
        Random random = new Random(7);
        for (int i = 0; i < 500; i++) {
            StageTimes times = RandomTimes.of(random);
            int microBatches = 1 + random.nextInt(12);
            Schedule schedule = kind.build(times, microBatches);
            assertThat(ScheduleValidator.validate(schedule, kind.inFlightLimits(times, microBatches)))
                    .as("%s with %s", schedule, times)
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void isValidWithinAnyGivenLimitsEvenRisingOnes(ScheduleKind kind) {
        Random random = new Random(8);
        for (int i = 0; i < 200; i++) {
            StageTimes times = RandomTimes.of(random);
            List<Integer> limits = random.ints(times.stageCount(), 1, 6).boxed().toList();
            Schedule schedule = kind.build(times, 1 + random.nextInt(8), limits);
            assertThat(ScheduleValidator.validate(schedule, limits)).isEmpty();
        }
    }

    @Test
    void roundTripIsNeverSlowerThanPlain1f1bWithTheSameDepth() {
        Random random = new Random(9);
        for (int i = 0; i < 500; i++) {
            StageTimes times = RandomTimes.of(random);
            int microBatches = 1 + random.nextInt(20);
            List<Integer> limits = ScheduleKind.ROUND_TRIP.inFlightLimits(times, microBatches);
            long plain = step(ScheduleKind.ONE_F_ONE_B.build(times, microBatches, limits), times);
            long roundTrip = step(ScheduleKind.ROUND_TRIP.build(times, microBatches), times);
            assertThat(roundTrip).isLessThanOrEqualTo(plain);
        }
    }

    @Test
    void gpipeTakesTheTimeOfTheFormula() {
        StageTimes times = new StageTimes(List.of(3L, 7L, 2L), List.of(5L, 6L, 9L), List.of(0L, 0L));
        int microBatches = 11;
        long formula = (3 + 7 + 2) + (5 + 6 + 9) + (microBatches - 1) * (7L + 9L);
        assertThat(step(ScheduleKind.GPIPE.build(times, microBatches), times)).isEqualTo(formula);
    }

    @Test
    void warmUpDepthFollowsTheRoundTrip() {
        StageTimes times = StageTimes.uniform(4, 1, 2, 3);
        // From stage 0: 4 x 3 of compute, 2 x 3 x 3 of links, 30 / 3 + 1 = 11; then 8, 5 and 2.
        assertThat(ScheduleKind.ROUND_TRIP.inFlightLimits(times, 100)).containsExactly(11, 8, 5, 2);
        assertThat(ScheduleKind.ROUND_TRIP.inFlightLimits(times, 6)).containsExactly(6, 6, 5, 2);
    }

    @Test
    void parsesItsOwnLabels() {
        for (ScheduleKind kind : ScheduleKind.values()) {
            assertThat(ScheduleKind.parse(kind.label())).isEqualTo(kind);
        }
    }

    @Test
    void namesTheAllowedLabelsWhenItMeetsAnother() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScheduleKind.parse("2f2b"))
                .withMessage("schedule: found \"2f2b\", allowed are gpipe, 1f1b, round-trip");
    }

    private static long step(Schedule schedule, StageTimes times) {
        return Timeline.of(schedule, times).stepNanos();
    }
}
