package io.github.skydl4j.bench;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.pipeline.ChannelWrapping;
import io.github.skydl4j.plan.UnitProfile;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How numbers cross an emulated link: what the link carries, and what the receiver has left of them. */
enum Wire implements ChannelWrapping {
    FLOAT32(DataType.FLOAT),
    FLOAT16(DataType.FLOAT16),
    BFLOAT16(DataType.BFLOAT16);

    private final DataType type;

    Wire(DataType type) {
        this.type = type;
    }

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The unit with as many bytes at its cut as this wire carries. */
    UnitProfile unit(UnitProfile unit) {
        return new UnitProfile(
                unit.name(),
                unit.kind(),
                unit.forwardNanos(),
                unit.backwardNanos(),
                unit.updateNanos(),
                unit.parameterBytes(),
                unit.stateBytes(),
                unit.activationBytes(),
                unit.boundaryBytes() * type.width() / DataType.FLOAT.width());
    }

    @Override
    public Channel<Map<String, BoundaryTensor>> activations(Channel<Map<String, BoundaryTensor>> channel) {
        if (this == FLOAT32) {
            return channel;
        }
        return new RoundingChannel<>(
                channel,
                sent -> changed(sent, tensor -> withType(tensor, type)),
                received -> changed(received, tensor -> withType(tensor, DataType.FLOAT)),
                sent -> sent.values().stream().mapToLong(BoundaryTensor::bytes).sum());
    }

    @Override
    public Channel<Map<String, INDArray>> gradients(Channel<Map<String, INDArray>> channel) {
        if (this == FLOAT32) {
            return channel;
        }
        return new RoundingChannel<>(
                channel,
                sent -> changed(sent, array -> array.castTo(type)),
                received -> changed(received, array -> array.castTo(DataType.FLOAT)),
                sent -> sent.values().stream()
                        .mapToLong(array -> array.length() * type.width())
                        .sum());
    }

    /** Masks stay as they are. */
    private static BoundaryTensor withType(BoundaryTensor tensor, DataType type) {
        return new BoundaryTensor(tensor.activations().castTo(type), tensor.mask());
    }

    private static <T> Map<String, T> changed(Map<String, T> values, UnaryOperator<T> change) {
        Map<String, T> changed = new HashMap<>();
        values.forEach((name, value) -> changed.put(name, change.apply(value)));
        return changed;
    }
}
