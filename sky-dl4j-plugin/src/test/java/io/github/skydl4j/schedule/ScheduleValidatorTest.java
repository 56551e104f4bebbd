package io.github.skydl4j.schedule;

import static io.github.skydl4j.schedule.Action.backward;
import static io.github.skydl4j.schedule.Action.forward;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ScheduleValidatorTest {

    @Test
    void rejectsBackwardBeforeItsForward() {
        assertThat(validate(1, List.of(backward(0), forward(0)))).containsExactly("stage 0 does B0 before its forward");
    }

    @Test
    void rejectsMicroBatchesOutOfOrder() {
        assertThat(validate(2, List.of(forward(1), forward(0), backward(0), backward(1))))
                .containsExactly("stage 0 does F1 where micro-batch 0 is next");
    }

    @Test
    void rejectsMissingMicroBatches() {
        assertThat(validate(2, List.of(forward(0), backward(0))))
                .containsExactly(
                        "stage 0 takes 1 micro-batches forward, the step has 2",
                        "stage 0 takes 1 micro-batches backward, the step has 2");
    }

    @Test
    void rejectsMoreInFlightThanTheLimit() {
        Schedule schedule = ScheduleKind.GPIPE.build(StageTimes.uniform(2, 1, 1, 0), 3);
        assertThat(ScheduleValidator.validate(schedule, List.of(3, 2)))
                .containsExactly("stage 1 keeps 3 micro-batches in flight, its limit is 2");
    }

    @Test
    void rejectsStagesThatWaitForEachOther() {
        List<Action> oneAtATime = List.of(forward(0), backward(0), forward(1), backward(1));
        List<Action> twoFirst = List.of(forward(0), forward(1), backward(0), backward(1));
        assertThat(ScheduleValidator.validate(new Schedule("stuck", 2, List.of(oneAtATime, twoFirst))))
                .containsExactly("stage 0 waits for ever before its action 1, B0");
    }

    @Test
    void throwsWithTheFirstViolation() {
        Schedule schedule = new Schedule("mine", 1, List.of(List.of(forward(0))));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ScheduleValidator.requireValid(schedule, List.of()))
                .withMessage("schedule mine: stage 0 takes 0 micro-batches backward, the step has 1");
    }

    private static List<String> validate(int microBatches, List<Action> actions) {
        return ScheduleValidator.validate(new Schedule("test", microBatches, List.of(actions)));
    }
}
