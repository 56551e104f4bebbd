package io.github.skydl4j.pipeline;

import io.github.skydl4j.schedule.Action;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Tells a stage's observer what is done when; where there is none it does nothing else. Confined to the stage thread. */
final class StageWatch {
    private final @Nullable StageObserver observer;

    StageWatch(@Nullable StageObserver observer) {
        this.observer = observer;
    }

    void stepStarted() {
        if (observer != null) {
            observer.stepStarted();
        }
    }

    /** When something starts; 0 where nobody listens. */
    long start() {
        return observer == null ? 0 : System.nanoTime();
    }

    void done(Activity activity, Action.Kind cause, int microBatch, long startNanos) {
        if (observer != null) {
            observer.done(activity, cause, microBatch, startNanos, System.nanoTime(), 0);
        }
    }

    <T> T receive(Channel<T> channel, Duration limit, Action.Kind cause, int microBatch) {
        if (observer == null) {
            return channel.receive(limit);
        }
        long start = System.nanoTime();
        T message = channel.receive(limit);
        long end = System.nanoTime();
        Transit transit = channel.lastTransit();
        if (transit == null) {
            observer.done(Activity.INPUT_WAIT, cause, microBatch, start, end, 0);
            observer.done(Activity.RECEIVE, cause, microBatch, end, end, 0);
        } else {
            received(observer, transit, cause, microBatch, start, end);
        }
        return message;
    }

    /** Splits the wait at the moments when the message left and when it arrived. */
    private static void received(
            StageObserver observer, Transit transit, Action.Kind cause, int microBatch, long start, long end) {
        long sent = between(start, transit.sentNanos(), end);
        long arrived = between(sent, transit.arrivalNanos(), end);
        observer.done(Activity.TRANSFER, cause, microBatch, transit.startNanos(), transit.endNanos(), transit.bytes());
        if (sent - start > 0) {
            observer.done(Activity.INPUT_WAIT, cause, microBatch, start, sent, 0);
        }
        if (arrived - sent > 0) {
            observer.done(Activity.LINK_WAIT, cause, microBatch, sent, arrived, 0);
        }
        observer.done(Activity.RECEIVE, cause, microBatch, arrived, end, 0);
    }

    private static long between(long least, long value, long most) {
        return value - least < 0 ? least : value - most > 0 ? most : value;
    }
}
