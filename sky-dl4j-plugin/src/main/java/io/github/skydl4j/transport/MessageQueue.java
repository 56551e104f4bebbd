package io.github.skydl4j.transport;

import io.github.skydl4j.pipeline.ChannelClosedException;
import io.github.skydl4j.pipeline.StalledException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A bounded queue between two threads that either may close. Thread-safe. */
final class MessageQueue<T> {
    private final String name;
    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final ArrayDeque<T> messages = new ArrayDeque<>();
    private boolean closed;

    MessageQueue(String name, int capacity) {
        this.name = name;
        this.capacity = capacity;
    }

    /**
     * Waits for room and adds the message.
     *
     * @throws ChannelClosedException if the queue is closed
     * @throws StalledException if there was no room within the limit
     */
    void put(T message, Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!closed && messages.size() >= capacity) {
                if (left <= 0) {
                    throw new StalledException("room for a message on " + name, limit);
                }
                left = changed.awaitNanos(left);
            }
            checkOpen();
            messages.add(message);
            changed.signalAll();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChannelClosedException(name);
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for a message and takes it.
     *
     * @throws ChannelClosedException if the queue is closed
     * @throws StalledException if nothing came within the limit
     */
    T take(Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (!closed && messages.isEmpty()) {
                if (left <= 0) {
                    throw new StalledException("a message on " + name, limit);
                }
                left = changed.awaitNanos(left);
            }
            checkOpen();
            T message = messages.remove();
            changed.signalAll();
            return message;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChannelClosedException(name);
        } finally {
            lock.unlock();
        }
    }

    boolean hasRoom() {
        lock.lock();
        try {
            return messages.size() < capacity;
        } finally {
            lock.unlock();
        }
    }

    boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    /** Drops the messages and releases who waits. */
    void close() {
        lock.lock();
        try {
            closed = true;
            messages.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void checkOpen() {
        if (closed) {
            throw new ChannelClosedException(name);
        }
    }
}
