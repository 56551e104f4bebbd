package io.github.skydl4j.transport;

import io.github.skydl4j.pipeline.Channel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Both ends of a boundary channel in one JVM; arrays are copied as if they had travelled. */
final class LoopbackChannel<T> implements Channel<T> {
    private static final Duration SEND_LIMIT = Duration.ofSeconds(10);

    private final ChannelSpec<T> spec;
    private final LoopbackEndpoint from;
    private final LoopbackEndpoint to;
    private final MessageQueue<T> queue;

    LoopbackChannel(ChannelSpec<T> spec, LoopbackEndpoint from, LoopbackEndpoint to) {
        this.spec = spec;
        this.from = from;
        this.to = to;
        queue = new MessageQueue<>("channel " + spec.id() + " from " + from.id() + " to " + to.id(), spec.capacity());
    }

    @Override
    public void send(T message, long bytes) {
        try (TensorPacker packed = TensorPacker.of(message, spec.form(), spec.wire())) {
            if (queue.isClosed() || to.accepts(from.id(), from.epoch())) {
                queue.put(copy(packed), SEND_LIMIT);
            }
        }
        spec.form().close(message);
    }

    @Override
    public T receive(Duration limit) {
        return queue.take(limit);
    }

    @Override
    public boolean copies() {
        return true;
    }

    @Override
    public void close() {
        queue.close();
    }

    boolean isFrom(String peer) {
        return from.id().equals(peer);
    }

    boolean isClosed() {
        return queue.isClosed();
    }

    private T copy(TensorPacker packed) {
        TensorUnpacker unpacker =
                new TensorUnpacker(new WireReader(packed.head().written()), Long.MAX_VALUE);
        List<INDArray> sent = packed.arrays();
        List<INDArray> received = unpacker.arrays();
        for (int i = 0; i < sent.size(); i++) {
            ByteBuffer elements = ArrayBytes.of(sent.get(i));
            ArrayBytes.of(received.get(i)).put(elements);
        }
        return unpacker.finish(spec.form());
    }
}
