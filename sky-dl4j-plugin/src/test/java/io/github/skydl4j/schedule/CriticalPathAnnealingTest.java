package io.github.skydl4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class CriticalPathAnnealingTest {

    @Test
    void shortensTheStepOfUnequalStagesWithFewInFlight() {
        // Twenty unequal workers with little memory: the last stages hold hardly more than plain 1F1B needs.
        StageTimes times = times(List.of(
                37L, 27L, 38L, 21L, 41L, 37L, 41L, 42L, 42L, 42L, 26L, 34L, 33L, 27L, 30L, 28L, 26L, 18L, 24L, 19L));
        List<Integer> limits = List.of(16, 16, 16, 16, 16, 16, 16, 16, 16, 16, 13, 13, 8, 7, 7, 6, 6, 3, 3, 2);
        Timeline draft = Timeline.of(ScheduleKind.ROUND_TRIP.draft(times, 16, limits), times);
        Schedule annealed = new Schedule("annealed", 16, CriticalPathAnnealing.of(draft, limits));
        assertThat(ScheduleValidator.validate(annealed, limits)).isEmpty();
        assertThat(Timeline.of(annealed, times).stepNanos()).isLessThan((long) (0.99 * draft.stepNanos()));
        assertThat(CriticalPathAnnealing.of(draft, limits)).isEqualTo(annealed.stages());
        assertThat(ScheduleKind.ROUND_TRIP.build(times, 16, limits).stages()).isEqualTo(annealed.stages());
    }

    @Test
    void leavesLongOrdersAsTheyAre() {
        StageTimes times = times(Collections.nCopies(200, 10L));
        List<Integer> limits = Collections.nCopies(200, 100);
        Timeline draft = Timeline.of(ScheduleKind.ONE_F_ONE_B.build(times, 100, limits), times);
        assertThat(CriticalPathAnnealing.of(draft, limits))
                .isEqualTo(draft.schedule().stages());
    }

    private static StageTimes times(List<Long> forward) {
        List<Long> backward = forward.stream().map(nanos -> 2 * nanos).toList();
        return new StageTimes(forward, backward, Collections.nCopies(forward.size() - 1, 0L));
    }
}
