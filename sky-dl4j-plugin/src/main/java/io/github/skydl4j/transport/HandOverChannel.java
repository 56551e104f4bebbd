package io.github.skydl4j.transport;

import io.github.skydl4j.pipeline.Channel;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Both ends of a boundary channel between two endpoints of one JVM: arrays change hands, rounded as if they had travelled. */
final class HandOverChannel<T> implements Channel<T> {
    private final ChannelSpec<T> spec;
    private final MessageQueue<T> queue;
    private final Duration sendLimit;
    private final BooleanSupplier current;

    /**
     * Creates a channel.
     *
     * @param current false when the sender's epoch is older than the receiver's, and what is sent is refused
     */
    HandOverChannel(String name, ChannelSpec<T> spec, Duration sendLimit, BooleanSupplier current) {
        this.spec = spec;
        this.queue = new MessageQueue<>(name, spec.capacity());
        this.sendLimit = sendLimit;
        this.current = current;
    }

    @Override
    public void send(T message, long bytes) {
        if (queue.isClosed() || current.getAsBoolean()) {
            queue.put(spec.form().rounded(message, spec.wire()), sendLimit);
        }
    }

    @Override
    public T receive(Duration limit) {
        return queue.take(limit);
    }

    @Override
    public void close() {
        queue.close();
    }

    boolean isClosed() {
        return queue.isClosed();
    }
}
