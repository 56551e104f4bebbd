package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.plan.WireType;
import java.time.Duration;
import java.util.Map;
import java.util.function.ToLongFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A channel whose receiver gets numbers as a link of 16 bits leaves them. Thread-safe for one sender and one receiver. */
final class RoundingChannel<T> implements Channel<T> {
    private final Channel<T> channel;
    private final UnaryOperator<T> rounded;
    private final ToLongFunction<T> wireBytes;

    private RoundingChannel(Channel<T> channel, UnaryOperator<T> rounded, ToLongFunction<T> wireBytes) {
        this.channel = channel;
        this.rounded = rounded;
        this.wireBytes = wireBytes;
    }

    /** For activations; the channel itself where the type is exact. */
    static Channel<Map<String, BoundaryTensor>> ofActivations(
            Channel<Map<String, BoundaryTensor>> channel, WireType wire) {
        Rounding rounding = new Rounding(wire);
        return wire == WireType.EXACT
                ? channel
                : new RoundingChannel<>(channel, rounding::activations, rounding::activationBytes);
    }

    /** For gradients; the channel itself where the type is exact. */
    static Channel<Map<String, INDArray>> ofGradients(Channel<Map<String, INDArray>> channel, WireType wire) {
        Rounding rounding = new Rounding(wire);
        return wire == WireType.EXACT
                ? channel
                : new RoundingChannel<>(channel, rounding::gradients, rounding::gradientBytes);
    }

    @Override
    public void send(T message, long bytes) {
        channel.send(rounded.apply(message), wireBytes.applyAsLong(message));
    }

    @Override
    public T receive(Duration limit) {
        return channel.receive(limit);
    }

    @Override
    public boolean copies() {
        return channel.copies();
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
