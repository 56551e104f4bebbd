package io.github.skydl4j.pipeline;

import io.github.skydl4j.plan.Link;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a link between neighbouring stages; messages arrive in the order in which they were sent.
 *
 * <p>Thread-safe for one sender and one receiver.
 *
 * @param <T> the message; it belongs to the receiver once sent, unless the channel copies
 */
public interface Channel<T> {
    /**
     * Hands a message over. Does not wait for the transfer.
     *
     * @param bytes what the message moves over the link
     * @throws ChannelClosedException if the pipeline is stopping
     * @throws IllegalStateException if more messages are under way than the schedule allows
     */
    void send(T message, long bytes);

    /**
     * Waits for the next message.
     *
     * @throws ChannelClosedException if the pipeline is stopping
     * @throws StalledException if nothing came within the limit
     */
    T receive(Duration limit);

    /**
     * Whether its messages are copied on their way: what is received is the receiver's alone, and what was sent stays the
     * sender's, to be closed when the receiver must have it.
     */
    default boolean copies() {
        return false;
    }

    /** How the last received message travelled, for its receiver; null from a channel that cannot tell. */
    default @Nullable Transit lastTransit() {
        return null;
    }

    /**
     * A channel between two threads of this JVM.
     *
     * @param capacity most messages under way
     * @param link what the channel plays, but for its wire type; {@link Link#INSTANT} for a plain hand-over
     * @param dilation stretches the link's times, as in {@link Emulation}
     */
    static <T> Channel<T> inProcess(String name, int capacity, Link link, double dilation) {
        return new InProcessChannel<>(name, capacity, link, dilation);
    }

    /** Drops what is under way and releases a waiting receiver. */
    void close();
}
