package io.github.skydl4j.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class JustificationTest {

    @Test
    void keepsTheLimitsWhateverTheTimes() {
        Random random = new Random(13);
        for (int i = 0; i < 500; i++) {
            StageTimes times = RandomTimes.of(random);
            int microBatches = 1 + random.nextInt(12);
            List<Integer> limits = RandomTimes.limits(random, times.stageCount(), microBatches);
            Schedule given = ScheduleKind.ONE_F_ONE_B.build(times, microBatches, limits);
            Schedule justified =
                    new Schedule("justified", microBatches, Justification.of(Timeline.of(given, times), limits));
            assertThat(ScheduleValidator.validate(justified, limits)).isEmpty();
        }
    }

    @Test
    void shortensAStepThatTakesBackwardsTooEagerly() {
        // Long stages first: whoever prefers backwards leaves the last stages without input in the middle of the step.
        int stages = 20;
        int microBatches = 64;
        List<Long> forward = IntStream.range(0, stages)
                .mapToObj(stage -> Math.round(1000 * Math.pow(1.0 / 64 + 1, stages - 1 - stage)))
                .toList();
        List<Long> backward = forward.stream().map(nanos -> 2 * nanos).toList();
        StageTimes times = new StageTimes(
                forward, backward, IntStream.range(1, stages).mapToObj(i -> 0L).toList());
        List<Integer> limits =
                IntStream.range(0, stages).mapToObj(stage -> microBatches).toList();
        Timeline eager = Timeline.of(
                new Schedule(
                        "eager",
                        microBatches,
                        ListScheduling.order(times, microBatches, limits, DispatchRule.BACKWARD_FIRST)),
                times);
        Timeline justified =
                Timeline.of(new Schedule("justified", microBatches, Justification.of(eager, limits)), times);
        assertThat(justified.stepNanos()).isLessThan((long) (0.99 * eager.stepNanos()));
    }
}
