package io.github.skydl4j.transport;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.pipeline.Rounding;
import io.github.skydl4j.plan.WireType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;
import org.deeplearning4j.nn.api.MaskState;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How the messages of a boundary channel are taken apart into arrays that travel as they lie in memory, and put together
 * again.
 */
public final class TensorForm<T> {
    private final BiConsumer<T, TensorPacker> pack;
    private final Function<TensorUnpacker, T> unpack;
    private final BiFunction<Rounding, T, T> round;
    private final Consumer<T> close;

    private TensorForm(
            BiConsumer<T, TensorPacker> pack,
            Function<TensorUnpacker, T> unpack,
            BiFunction<Rounding, T, T> round,
            Consumer<T> close) {
        this.pack = pack;
        this.unpack = unpack;
        this.round = round;
        this.close = close;
    }

    /** Activations with their masks, by unit. Their sender needs them for the backward. */
    public static TensorForm<Map<String, BoundaryTensor>> activations() {
        return new TensorForm<>(
                TensorForm::packActivations, TensorForm::unpackActivations, Rounding::activations, sent -> {});
    }

    /** Gradients, by unit. Nobody needs them here once they are on their way. */
    public static TensorForm<Map<String, INDArray>> gradients() {
        return new TensorForm<>(
                TensorForm::packGradients,
                TensorForm::unpackGradients,
                Rounding::gradients,
                TensorForm::closeGradients);
    }

    /** One array, which stays its sender's. */
    public static TensorForm<INDArray> array() {
        return new TensorForm<>(
                (message, packer) -> packer.tensor(message), TensorUnpacker::tensor, Rounding::rounded, sent -> {});
    }

    void pack(T message, TensorPacker packer) {
        pack.accept(message, packer);
    }

    /** The message as it arrives if it does not travel; the very same where numbers travel exactly. */
    T rounded(T message, WireType wire) {
        return wire == WireType.EXACT ? message : round.apply(new Rounding(wire), message);
    }

    /** Closes what its sender needs no more; called when the message has been copied. */
    void close(T message) {
        close.accept(message);
    }

    T unpack(TensorUnpacker unpacker) {
        return unpack.apply(unpacker);
    }

    private static void packActivations(Map<String, BoundaryTensor> message, TensorPacker packer) {
        packer.fields().list(message.entrySet(), (out, entry) -> {
            Pair<INDArray, MaskState> mask = entry.getValue().mask();
            out.text(entry.getKey());
            packer.tensor(entry.getValue().activations());
            out.bool(mask != null);
            if (mask != null) {
                out.bool(mask.getSecond() == MaskState.Active);
                out.bool(mask.getFirst() != null);
                if (mask.getFirst() != null) {
                    packer.exactTensor(mask.getFirst());
                }
            }
        });
    }

    private static Map<String, BoundaryTensor> unpackActivations(TensorUnpacker unpacker) {
        Map<String, BoundaryTensor> message = new LinkedHashMap<>();
        unpacker.fields().each(in -> {
            String unit = in.text();
            INDArray activations = unpacker.tensor();
            Pair<INDArray, MaskState> mask = null;
            if (in.bool()) {
                MaskState state = in.bool() ? MaskState.Active : MaskState.Passthrough;
                mask = Pair.makePair(in.bool() ? unpacker.tensor() : null, state);
            }
            message.put(unit, new BoundaryTensor(activations, mask));
        });
        return message;
    }

    private static void packGradients(Map<String, INDArray> message, TensorPacker packer) {
        packer.fields().list(message.entrySet(), (out, entry) -> {
            out.text(entry.getKey());
            packer.tensor(entry.getValue());
        });
    }

    private static void closeGradients(Map<String, INDArray> message) {
        message.values().stream().filter(INDArray::closeable).forEach(INDArray::close);
    }

    private static Map<String, INDArray> unpackGradients(TensorUnpacker unpacker) {
        Map<String, INDArray> message = new LinkedHashMap<>();
        unpacker.fields().each(in -> message.put(in.text(), unpacker.tensor()));
        return message;
    }
}
