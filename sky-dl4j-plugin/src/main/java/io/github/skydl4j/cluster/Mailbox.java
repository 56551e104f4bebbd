package io.github.skydl4j.cluster;

import io.github.skydl4j.transport.Message;
import io.github.skydl4j.transport.MessageListener;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * What has happened at an endpoint, for the one thread that acts on it. Holds a bounded number of events: the roles send
 * each other a few messages a step and then wait, so more than that is no run but a flood.
 */
final class Mailbox implements MessageListener {
    private static final int CAPACITY = 1 << 16;

    /** Something that has happened. */
    sealed interface Event {
        /** Who it is about. */
        String peer();
    }

    record Received(String peer, Message message) implements Event {}

    record Joined(String peer) implements Event {}

    record Lost(String peer, String why) implements Event {}

    /** A snapshot is complete; it is about no peer. */
    record Written(Snapshot snapshot) implements Event {
        @Override
        public String peer() {
            return "";
        }
    }

    private final LinkedBlockingQueue<Event> events = new LinkedBlockingQueue<>(CAPACITY);
    private volatile boolean flooded;

    @Override
    public void received(String peer, Message message) {
        add(new Received(peer, message));
    }

    @Override
    public void joined(String peer) {
        add(new Joined(peer));
    }

    @Override
    public void lost(String peer, String why) {
        add(new Lost(peer, why));
    }

    /** Adds that a snapshot is complete. */
    void written(Snapshot snapshot) {
        add(new Written(snapshot));
    }

    /** The next event; empty if none came within the limit. */
    Optional<Event> next(Duration limit) {
        if (flooded) {
            throw new IllegalStateException("more than " + CAPACITY + " messages wait: somebody floods the run");
        }
        try {
            return Optional.ofNullable(events.poll(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a message", e);
        }
    }

    private void add(Event event) {
        if (!events.offer(event)) {
            flooded = true;
        }
    }
}
