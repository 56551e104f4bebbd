package io.github.skydl4j.monitor;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.schedule.Action.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StageRecorderTest {
    @Test
    void handsOutWhatWasRecordedInItsOrderAndOnce() {
        StageRecorder recorder = new StageRecorder(2, 4, () -> {});
        recorder.done(Activity.FORWARD, Kind.FORWARD, 3, 10, 20, 0);
        recorder.done(Activity.TRANSFER, Kind.BACKWARD, 1, 15, 18, 512);

        assertThat(drain(recorder))
                .containsExactly(
                        new StageEvent(7, 2, Activity.FORWARD, Kind.FORWARD, 3, 10, 20, 0),
                        new StageEvent(7, 2, Activity.TRANSFER, Kind.BACKWARD, 1, 15, 18, 512));
        assertThat(drain(recorder)).isEmpty();
    }

    @Test
    void dropsAndCountsWhatFindsNoRoomInsteadOfWaiting() {
        StageRecorder recorder = new StageRecorder(0, 1, () -> {});
        for (int i = 0; i < 100; i++) {
            recorder.done(Activity.FORWARD, Kind.FORWARD, i, i, i, 0);
        }
        int kept = drain(recorder).size();
        assertThat(kept).isBetween(26, 99);
        assertThat(recorder.dropped()).isEqualTo(100 - kept);
        recorder.done(Activity.UPDATE, Kind.BACKWARD, 0, 200, 201, 0);
        assertThat(drain(recorder)).hasSize(1);
    }

    @Test
    void losesNothingBetweenAWriterAndAReaderAtTheSameTime() {
        int events = 200_000;
        StageRecorder recorder = new StageRecorder(0, 1000, () -> {});
        CompletableFuture<Void> writer = CompletableFuture.runAsync(() -> {
            for (int i = 0; i < events; i++) {
                recorder.done(Activity.FORWARD, Kind.FORWARD, i, i, i + 1, i);
            }
        });
        List<StageEvent> read = new ArrayList<>();
        while (!writer.isDone()) {
            recorder.drainTo(read, 1);
        }
        writer.join();
        recorder.drainTo(read, 1);

        assertThat(read.size() + recorder.dropped()).isEqualTo(events);
        assertThat(read).allMatch(event -> event.nanos() == 1 && event.bytes() == event.startNanos());
        assertThat(IntStream.range(1, read.size()))
                .allMatch(i -> read.get(i).startNanos() > read.get(i - 1).startNanos());
    }

    private static List<StageEvent> drain(StageRecorder recorder) {
        List<StageEvent> events = new ArrayList<>();
        recorder.drainTo(events, 7);
        return events;
    }
}
