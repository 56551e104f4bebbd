package io.github.skydl4j.monitor;

import io.github.skydl4j.pipeline.Activity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Puts the events of one step from several machines on one clock and in one order.
 *
 * <p>Clock offsets are estimates, so a message may seem to arrive before it was sent. Where that is so the message is
 * moved, not the work: its send is cut short at the moment of the receive, or, if even its start is later, shrinks to
 * nothing at that moment; and its transfer is kept between send and receive. O(n log n).
 */
public final class EventMerger {
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
        Receives receives = new Receives(merged);
        merged.replaceAll(event -> inOrder(event, receives));
        merged.sort(EventMerger::compareTimes);
        return merged;
    }

    /** By start; a tie is broken so that the order is always the same. */
    private static int compareTimes(StageEvent first, StageEvent second) {
        int order = Long.compare(first.startNanos(), second.startNanos());
        if (order == 0) {
            order = Long.compare(first.endNanos(), second.endNanos());
        }
        if (order == 0) {
            order = Integer.compare(first.stage(), second.stage());
        }
        return order == 0 ? first.activity().compareTo(second.activity()) : order;
    }

    private static StageEvent inOrder(StageEvent event, Receives receives) {
        StageEvent receive = receives.of(event);
        if (receive == null || event.endNanos() - receive.startNanos() <= 0) {
            return event;
        }
        long end = receive.startNanos();
        return event.at(Math.min(event.startNanos(), end), end);
    }

    /** The receives of a step, found by the send or the transfer of the same message. */
    private static final class Receives {
        private final int microBatches;
        private final @Nullable StageEvent[] found;

        private Receives(List<StageEvent> events) {
            int stages = 0;
            int most = 0;
            for (StageEvent event : events) {
                stages = Math.max(stages, event.stage() + 1);
                most = Math.max(most, event.microBatch() + 1);
            }
            microBatches = most;
            found = new StageEvent[2 * stages * most];
            for (StageEvent event : events) {
                if (event.activity() == Activity.RECEIVE) {
                    found[place(event.stage(), event)] = event;
                }
            }
        }

        private @Nullable StageEvent of(StageEvent event) {
            int receiver = switch (event.activity()) {
                case SEND -> event.isForward() ? event.stage() + 1 : event.stage() - 1;
                case TRANSFER -> event.stage();
                default -> -1;
            };
            int place = receiver < 0 ? found.length : place(receiver, event);
            return place < found.length ? found[place] : null;
        }

        private int place(int receiver, StageEvent event) {
            return (2 * receiver + (event.isForward() ? 0 : 1)) * microBatches + event.microBatch();
        }
    }
}
