package io.github.skydl4j.bench;

import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.pipeline.Transit;
import java.time.Duration;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A channel that carries messages in another form. Thread-safe for one sender and one receiver. */
final class RoundingChannel<T> implements Channel<T> {
    private final Channel<T> channel;
    private final UnaryOperator<T> toWire;
    private final UnaryOperator<T> fromWire;
    private final ToLongFunction<T> wireBytes;

    RoundingChannel(
            Channel<T> channel, UnaryOperator<T> toWire, UnaryOperator<T> fromWire, ToLongFunction<T> wireBytes) {
        this.channel = channel;
        this.toWire = toWire;
        this.fromWire = fromWire;
        this.wireBytes = wireBytes;
    }

    @Override
    public void send(T message, long bytes) {
        T carried = toWire.apply(message);
        channel.send(carried, wireBytes.applyAsLong(carried));
    }

    @Override
    public T receive(Duration limit) {
        return fromWire.apply(channel.receive(limit));
    }

    @Override
    public @Nullable Transit lastTransit() {
        return channel.lastTransit();
    }

    @Override
    public void close() {
        channel.close();
    }
}
