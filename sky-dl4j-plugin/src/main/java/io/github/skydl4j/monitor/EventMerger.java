package io.github.skydl4j.monitor;

import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.schedule.Action;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one step from several machines on one clock and in one order.
 *
 * <p>Clock offsets are estimates, so a message may seem to arrive before it was sent. Where that is so the message is
 * moved, not the work: its send is cut short at the moment of the receive, or, if even its start is later, shrinks to
 * nothing at that moment; and its transfer is kept between send and receive. O(n log n).
 */
public final class EventMerger {
    private static final Comparator<StageEvent> BY_TIME = Comparator.comparingLong(StageEvent::startNanos)
            .thenComparingLong(StageEvent::endNanos)
            .thenComparingInt(StageEvent::stage)
            .thenComparing(StageEvent::activity);

    /** A message: what {@code receiver} needs for the cause. */
    private record Message(int receiver, Action.Kind cause, int microBatch) {}

    private EventMerger() {}

    /** The events of all machines by the clock here, sorted by their starts, no receive before its send. */
    public static List<StageEvent> merge(List<WorkerEvents> workers) {
        List<StageEvent> merged = new ArrayList<>();
        for (WorkerEvents worker : workers) {
            long ahead = worker.clockOffsetNanos();
            for (StageEvent event : worker.events()) {
                merged.add(ahead == 0 ? event : event.at(event.startNanos() - ahead, event.endNanos() - ahead));
            }
        }
        Map<Message, StageEvent> receives = new HashMap<>();
        for (StageEvent event : merged) {
            if (event.activity() == Activity.RECEIVE) {
                receives.put(new Message(event.stage(), event.cause(), event.microBatch()), event);
            }
        }
        merged.replaceAll(event -> inOrder(event, receives));
        merged.sort(BY_TIME);
        return merged;
    }

    private static StageEvent inOrder(StageEvent event, Map<Message, StageEvent> receives) {
        StageEvent receive = receiveOf(event, receives);
        if (receive == null || event.endNanos() - receive.startNanos() <= 0) {
            return event;
        }
        long end = receive.startNanos();
        return event.at(Math.min(event.startNanos(), end), end);
    }

    private static @Nullable StageEvent receiveOf(StageEvent event, Map<Message, StageEvent> receives) {
        if (event.activity() == Activity.SEND) {
            int receiver = event.isForward() ? event.stage() + 1 : event.stage() - 1;
            return receives.get(new Message(receiver, event.cause(), event.microBatch()));
        }
        return event.activity() == Activity.TRANSFER
                ? receives.get(new Message(event.stage(), event.cause(), event.microBatch()))
                : null;
    }
}
