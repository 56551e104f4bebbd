package io.github.skydl4j.transport;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells an endpoint's listeners what has happened, in order, on a thread of its own. Messages wait up to a number and a
 * sum of bytes; who is there and who has gone is told in any case.
 */
final class Dispatcher implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);
    private static final int MAX_MESSAGES = 1024;
    private static final long MAX_BYTES = 64L << 20;

    private record Event(Consumer<MessageListener> call, long bytes) {}

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<Event> events = new ArrayDeque<>();
    private final ArrayDeque<MessageListener> arriving = new ArrayDeque<>();
    private final List<MessageListener> listeners = new CopyOnWriteArrayList<>();
    private final Set<String> present = new LinkedHashSet<>();
    private final Thread thread;
    private long bytes;
    private boolean closed;

    Dispatcher(String owner) {
        thread = new Thread(this::run, "sky-listen-" + owner);
        thread.setDaemon(true);
        thread.start();
    }

    void listen(MessageListener listener) {
        locked(() -> arriving.add(listener));
    }

    void joined(String peer) {
        add(
                listener -> {
                    if (listener == PRESENCE) {
                        present.add(peer);
                    } else {
                        listener.joined(peer);
                    }
                },
                0);
    }

    void lost(String peer, String why) {
        add(
                listener -> {
                    if (listener == PRESENCE) {
                        present.remove(peer);
                    } else {
                        listener.lost(peer, why);
                    }
                },
                0);
    }

    /** Adds a message if there is room for it. */
    boolean offer(String peer, Message message, long size) {
        lock.lock();
        try {
            if (!closed && !hasRoom()) {
                return false;
            }
            add(listener -> listener.received(peer, message), size);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /** Adds a message; false if there was no room for it within the limit. */
    boolean put(String peer, Message message, long size, Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!closed && !hasRoom()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
            }
            return offer(peer, message, size);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }

    /** True while a message would be taken. */
    boolean hasRoom() {
        lock.lock();
        try {
            return events.size() < MAX_MESSAGES && bytes < MAX_BYTES;
        } finally {
            lock.unlock();
        }
    }

    boolean isCurrentThread() {
        return Thread.currentThread() == thread;
    }

    /** Drops what has not been told. Waits a moment for the listener at work. */
    @Override
    public void close() {
        locked(() -> closed = true);
        if (!isCurrentThread()) {
            try {
                thread.join(TimeUnit.SECONDS.toMillis(2));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private static final MessageListener PRESENCE = (peer, message) -> {};

    private void add(Consumer<MessageListener> call, long size) {
        locked(() -> {
            events.add(new Event(call, size));
            bytes += size;
        });
    }

    private void locked(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        List<Event> next = new ArrayList<>(1);
        while (await(next)) {
            for (Event event : next) {
                event.call().accept(PRESENCE);
                listeners.forEach(listener -> tell(listener, event.call()));
            }
            next.clear();
        }
    }

    /** Waits for an event or a listener; false when closed. */
    private boolean await(List<Event> next) {
        List<MessageListener> added = new ArrayList<>();
        lock.lock();
        try {
            while (!closed && arriving.isEmpty() && (listeners.isEmpty() || events.isEmpty())) {
                changed.awaitUninterruptibly();
            }
            added.addAll(arriving);
            arriving.clear();
            if (added.isEmpty() && !closed) {
                Event event = events.remove();
                bytes -= event.bytes();
                next.add(event);
                changed.signalAll();
            }
            if (closed) {
                return false;
            }
        } finally {
            lock.unlock();
        }
        for (MessageListener listener : added) {
            present.forEach(peer -> tell(listener, there -> there.joined(peer)));
            listeners.add(listener);
        }
        return true;
    }

    private static void tell(MessageListener listener, Consumer<MessageListener> call) {
        try {
            call.accept(listener);
        } catch (RuntimeException e) {
            LOG.warn("A listener has failed", e);
        }
    }
}
