package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.plan.Link;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Queue;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A channel as there is between processes: the receiver gets copies, and gradients are closed when they have gone. */
final class CopyingChannel<T> implements Channel<T> {
    private final Channel<T> channel;
    private final Queue<INDArray> copies;

    /** Creates it; all arrays that it makes for the receiver go into {@code copies} too. */
    CopyingChannel(String name, int capacity, Queue<INDArray> copies) {
        this.channel = Channel.inProcess(name, capacity, Link.INSTANT, 1);
        this.copies = copies;
    }

    @Override
    public boolean copies() {
        return true;
    }

    @Override
    @SuppressWarnings("unchecked") // messages are maps of one type of values
    public void send(T message, long bytes) {
        Map<String, Object> copy = new LinkedHashMap<>();
        ((Map<String, Object>) message).forEach((name, value) -> copy.put(name, copy(value)));
        for (Object value : ((Map<String, Object>) message).values()) {
            if (value instanceof INDArray gradient && gradient.closeable()) {
                gradient.close();
            }
        }
        channel.send((T) copy, bytes);
    }

    @Override
    public T receive(Duration limit) {
        return channel.receive(limit);
    }

    @Override
    public void close() {
        channel.close();
    }

    private Object copy(Object value) {
        if (value instanceof INDArray gradient) {
            return dup(gradient);
        }
        BoundaryTensor tensor = (BoundaryTensor) value;
        INDArray activations = dup(tensor.activations());
        if (tensor.mask() == null) {
            return new BoundaryTensor(activations, null);
        }
        INDArray mask = tensor.mask().getFirst();
        return new BoundaryTensor(
                activations,
                Pair.makePair(mask == null ? null : mask.dup(), tensor.mask().getSecond()));
    }

    private INDArray dup(INDArray array) {
        INDArray copy = array.dup();
        copies.add(copy);
        return copy;
    }
}
