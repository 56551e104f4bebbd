package io.github.skydl4j.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.schedule.StageTimes;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class InFlightSlackTest {

    @Test
    void noScheduleNeedsLessThanTheSlackOfAnyOfItsStages() {
        Random random = new Random(11);
        int tight = 0;
        for (int i = 0; i < 3000; i++) {
            int stages = 1 + random.nextInt(5);
            int microBatches = 1 + random.nextInt(12);
            StageTimes times = times(random, stages);
            List<Integer> limits = new ArrayList<>();
            for (int stage = 0; stage < stages; stage++) {
                int before = stage == 0 ? microBatches : limits.get(stage - 1);
                limits.add(1 + random.nextInt(before));
            }
            long step = Simulator.simulate(ScheduleKind.ROUND_TRIP.build(times, microBatches, limits), times)
                    .stepNanos();
            for (int stage = 0; stage < stages; stage++) {
                double least = pass(times, 0, stages) + slack(times, stage, microBatches, limits.get(stage));
                assertThat(least)
                        .as("stage %d of %s, %d micro-batches, limits %s", stage, times, microBatches, limits)
                        .isLessThanOrEqualTo(step);
                tight += least > 0.99 * step ? 1 : 0;
            }
        }
        assertThat(tight).isGreaterThan(1000);
    }

    @Test
    void roundTripsFollowEachOtherWhereOneIsInFlight() {
        // Four micro-batches, each through both stages and back before the next: 4 (3 + 7), of which 10 are the pass.
        assertThat(InFlightSlack.least(4, 1, 1, 2, 7)).isEqualTo(30);
    }

    @Test
    void slackIsNoLessWithMoreBehindOrWithFewerInFlight() {
        Random random = new Random(12);
        for (int i = 0; i < 3000; i++) {
            int microBatches = 2 + random.nextInt(40);
            long inFlight = 1 + random.nextInt(microBatches - 1);
            double forward = random.nextInt(50);
            double backward = random.nextInt(50);
            double behind = random.nextInt(2000);
            double slack = InFlightSlack.least(microBatches, inFlight, forward, backward, behind);
            assertThat(InFlightSlack.least(microBatches, inFlight, forward, backward, behind + random.nextInt(500)))
                    .isGreaterThanOrEqualTo(slack);
            assertThat(InFlightSlack.least(microBatches, inFlight + 1, forward, backward, behind))
                    .isLessThanOrEqualTo(slack);
        }
    }

    private static StageTimes times(Random random, int stages) {
        return new StageTimes(
                random.longs(stages, 1, 40).boxed().toList(),
                random.longs(stages, 1, 80).boxed().toList(),
                random.longs(stages - 1, 0, 10).boxed().toList());
    }

    private static long pass(StageTimes times, int first, int end) {
        return IntStream.range(first, end)
                .mapToLong(stage -> times.compute(stage) + (stage + 1 < times.stageCount() ? 2 * times.link(stage) : 0))
                .sum();
    }

    private static double slack(StageTimes times, int stage, int microBatches, int inFlight) {
        long behind = pass(times, stage, times.stageCount()) - times.compute(stage);
        return InFlightSlack.least(microBatches, inFlight, times.forward(stage), times.backward(stage), behind);
    }
}
