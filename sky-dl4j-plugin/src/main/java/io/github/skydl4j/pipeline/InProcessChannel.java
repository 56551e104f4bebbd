package io.github.skydl4j.pipeline;

import io.github.skydl4j.plan.Link;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A channel between two threads of one JVM: arrays change hands without a copy. With an emulated link a message arrives
 * when the link would have carried it; transfers follow one another and overlap with compute.
 */
final class InProcessChannel<T> implements Channel<T> {
    private record Parcel<T>(T message, Transit transit) {}

    private final String name;
    private final int capacity;
    private final Link link;
    private final double dilation;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final ArrayDeque<Parcel<T>> parcels = new ArrayDeque<>();
    private long linkFreeAt = System.nanoTime();
    private boolean closed;
    /** Touched by the receiver alone. */
    private @Nullable Transit lastTransit;

    /**
     * Creates a channel.
     *
     * @param capacity most messages under way
     * @param dilation stretches the link's times, as in {@link Emulation}
     */
    InProcessChannel(String name, int capacity, Link link, double dilation) {
        this.name = name;
        this.capacity = capacity;
        this.link = link;
        this.dilation = dilation;
    }

    @Override
    public void send(T message, long bytes) {
        lock.lock();
        try {
            checkOpen();
            if (parcels.size() == capacity) {
                throw new IllegalStateException(name + " holds " + capacity + " messages, which is its limit");
            }
            parcels.add(new Parcel<>(message, transit(bytes)));
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public T receive(Duration limit) {
        Parcel<T> parcel = next(limit);
        Pace.idleUntil(parcel.transit().arrivalNanos());
        lastTransit = parcel.transit();
        return parcel.message();
    }

    @Override
    public @Nullable Transit lastTransit() {
        return lastTransit;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            parcels.clear();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private Parcel<T> next(Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (parcels.isEmpty()) {
                checkOpen();
                if (left <= 0) {
                    throw new StalledException("a message on " + name, limit);
                }
                left = arrived.awaitNanos(left);
            }
            checkOpen();
            return parcels.remove();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ChannelClosedException(name);
        } finally {
            lock.unlock();
        }
    }

    private Transit transit(long bytes) {
        long now = System.nanoTime();
        if (link.latencyNanos() == 0 && Double.isInfinite(link.bytesPerSecond())) {
            return new Transit(now, now, now, now, bytes);
        }
        long latency = (long) (link.latencyNanos() * dilation);
        long transfer = (long) (link.transferNanos(bytes) * dilation) - latency;
        long start = Math.max(now, linkFreeAt);
        linkFreeAt = start + transfer;
        return new Transit(now, start, linkFreeAt, linkFreeAt + latency, bytes);
    }

    private void checkOpen() {
        if (closed) {
            throw new ChannelClosedException(name);
        }
    }
}
