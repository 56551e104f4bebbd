package io.github.skydl4j.schedule;

import static io.github.skydl4j.schedule.Action.backward;
import static io.github.skydl4j.schedule.Action.forward;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class TimelineTest {

    /**
     * Two stages (f 2, b 4) and (f 3, b 1), link 5; worked out by hand:
     *
     * <pre>
     * stage 0   F0 0-2   F1 2-4                        B0 16-20  B1 21-25
     * link down    F0 2-7   F1 7-12
     * stage 1            F0 7-10  B0 10-11  F1 12-15  B1 15-16
     * link up                        B0 11-16        B1 16-21
     * </pre>
     */
    @Test
    void transfersOverlapWithComputeAndQueueOnTheirLink() {
        StageTimes times = new StageTimes(List.of(2L, 3L), List.of(4L, 1L), List.of(5L));
        Timeline timeline = Timeline.of(ScheduleKind.ONE_F_ONE_B.build(times, 2), times);

        assertThat(timeline.startNanos(1, forward(0))).isEqualTo(7);
        assertThat(timeline.startNanos(1, forward(1))).isEqualTo(12);
        assertThat(timeline.startNanos(0, backward(0))).isEqualTo(16);
        assertThat(timeline.startNanos(0, backward(1))).isEqualTo(21);
        assertThat(timeline.stepNanos()).isEqualTo(25);
        assertThat(timeline.busyShare(0)).isEqualTo(12.0 / 25);
    }

    /**
     * Stages 0 and 2 on one worker, worked out by hand:
     *
     * <pre>
     * stage 0   F0 0-1  F1 1-2                               B0 7-8  B1 8-9
     * stage 1           F0 1-3   F1 3-5            B0 5-6    B1 7-8
     * stage 2                    F0 3-4  B0 4-5    F1 5-6  B1 6-7
     * </pre>
     */
    @Test
    void stagesOnOneWorkerNeverRunAtTheSameTime() {
        StageTimes times = new StageTimes(List.of(1L, 2L, 1L), List.of(1L, 1L, 1L), List.of(0L, 0L), true);
        for (ScheduleKind kind : ScheduleKind.values()) {
            Timeline timeline = Timeline.of(kind.build(times, 2), times);
            assertThat(overlaps(timeline)).as(kind.label()).isZero();
        }
        assertThat(Timeline.of(ScheduleKind.ROUND_TRIP.build(times, 2), times).stepNanos())
                .isEqualTo(9);
    }

    private static long overlaps(Timeline timeline) {
        return timeline.schedule().stage(0).stream()
                .flatMap(a -> timeline.schedule().stage(2).stream()
                        .filter(b -> timeline.startNanos(0, a) < timeline.endNanos(2, b)
                                && timeline.startNanos(2, b) < timeline.endNanos(0, a)))
                .count();
    }
}
