package io.github.skydl4j.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.schedule.Action.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventMergerTest {
    @Test
    void putsTheEventsOfMachinesWhoseClocksDifferInTheOrderInWhichTheyHappened() {
        List<StageEvent> here =
                List.of(event(0, Activity.FORWARD, Kind.FORWARD, 0, 10), event(0, Activity.SEND, Kind.FORWARD, 10, 12));
        List<StageEvent> there = List.of(
                event(1, Activity.TRANSFER, Kind.FORWARD, 1012, 1020),
                event(1, Activity.RECEIVE, Kind.FORWARD, 1020, 1021),
                event(1, Activity.FORWARD, Kind.FORWARD, 1021, 1030));

        List<StageEvent> merged = EventMerger.merge(List.of(new WorkerEvents(1000, there), new WorkerEvents(0, here)));

        assertThat(merged)
                .extracting(StageEvent::activity)
                .containsExactly(
                        Activity.FORWARD, Activity.SEND, Activity.TRANSFER, Activity.RECEIVE, Activity.FORWARD);
        assertThat(merged).extracting(StageEvent::startNanos).containsExactly(0L, 10L, 12L, 20L, 21L);
    }

    /** The estimate is off by 15: the message seems to be received at 5, before it was sent at 10. */
    @Test
    void letsNoMessageArriveBeforeItWasSentWhenTheOffsetIsWrong() {
        List<StageEvent> here = List.of(event(0, Activity.SEND, Kind.FORWARD, 10, 12));
        List<StageEvent> there = List.of(
                event(1, Activity.TRANSFER, Kind.FORWARD, 12, 20), event(1, Activity.RECEIVE, Kind.FORWARD, 20, 21));

        List<StageEvent> merged = EventMerger.merge(List.of(new WorkerEvents(0, here), new WorkerEvents(15, there)));

        StageEvent receive = only(merged, Activity.RECEIVE);
        assertThat(receive.startNanos()).isEqualTo(5);
        assertThat(only(merged, Activity.SEND).endNanos()).isLessThanOrEqualTo(receive.startNanos());
        assertThat(only(merged, Activity.TRANSFER).endNanos()).isLessThanOrEqualTo(receive.startNanos());
        assertThat(merged).allMatch(event -> event.nanos() >= 0);
    }

    @Test
    void leavesAMessageOfTheOtherDirectionAlone() {
        StageEvent send = event(1, Activity.SEND, Kind.BACKWARD, 50, 60);
        StageEvent receive = event(1, Activity.RECEIVE, Kind.FORWARD, 10, 11);
        assertThat(EventMerger.merge(List.of(new WorkerEvents(0, List.of(send, receive)))))
                .containsExactly(receive, send);
    }

    private static StageEvent only(List<StageEvent> events, Activity activity) {
        return events.stream()
                .filter(event -> event.activity() == activity)
                .findFirst()
                .orElseThrow();
    }

    private static StageEvent event(int stage, Activity activity, Kind cause, long start, long end) {
        return new StageEvent(1, stage, activity, cause, 0, start, end, 0);
    }
}
