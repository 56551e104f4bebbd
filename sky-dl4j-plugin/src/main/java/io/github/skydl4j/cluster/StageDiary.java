package io.github.skydl4j.cluster;

import io.github.skydl4j.monitor.StageEvent;
import io.github.skydl4j.monitor.StageRecorder;
import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.schedule.Action;
import io.github.skydl4j.transport.WireReader;
import io.github.skydl4j.transport.WireWriter;
import java.util.ArrayList;
import java.util.List;

/**
 * What a stage did in one step, as it travels to the coordinator.
 *
 * @param events by the worker's clock
 * @param droppedSoFar events that found no room, since the stage was built
 */
record StageDiary(List<StageEvent> events, long droppedSoFar) {
    static final StageDiary EMPTY = new StageDiary(List.of(), 0);

    private static final List<Activity> ACTIVITIES = List.of(Activity.values());

    StageDiary {
        events = List.copyOf(events);
    }

    /** What was recorded since the last call. */
    static StageDiary drain(StageRecorder recorder, long step) {
        List<StageEvent> events = new ArrayList<>();
        recorder.drainTo(events, step);
        return new StageDiary(events, recorder.dropped());
    }

    void write(WireWriter out) {
        out.list(events, (fields, event) -> {
            fields.i64(event.step());
            fields.i32(event.stage());
            fields.i32(ACTIVITIES.indexOf(event.activity()));
            fields.bool(event.isForward());
            fields.i32(event.microBatch());
            fields.i64(event.startNanos());
            fields.i64(event.endNanos());
            fields.i64(event.bytes());
        });
        out.i64(droppedSoFar);
    }

    static StageDiary read(WireReader in) {
        return new StageDiary(
                in.list(fields -> new StageEvent(
                        fields.i64(),
                        fields.i32(),
                        activity(fields.i32()),
                        fields.bool() ? Action.Kind.FORWARD : Action.Kind.BACKWARD,
                        fields.i32(),
                        fields.i64(),
                        fields.i64(),
                        fields.i64())),
                in.i64());
    }

    private static Activity activity(int number) {
        if (number < 0 || number >= ACTIVITIES.size()) {
            throw new IllegalArgumentException("activity " + number + ": there are " + ACTIVITIES.size());
        }
        return ACTIVITIES.get(number);
    }
}
