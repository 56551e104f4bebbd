package io.github.skydl4j.pipeline;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.plan.WireType;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.transforms.clip.ClipByValue;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What a link's {@link WireType} does to tensors. All channels round by this, so that stages in one JVM and in several
 * get the same numbers. Immutable.
 *
 * <p>Whatever is beyond the range of float16 becomes its largest number: an infinite gradient would spoil the parameters
 * for good. NaN stays.
 */
public record Rounding(WireType wire) {
    private static final double LARGEST_FLOAT16 = 65504;

    /** The array as it travels: 16 bits of float32 and float64; anything else is the same array. */
    public INDArray toWire(INDArray array) {
        if (!isRounded(array)) {
            return array;
        }
        if (wire == WireType.BFLOAT16) {
            return array.castTo(DataType.BFLOAT16);
        }
        INDArray inRange = Nd4j.exec(new ClipByValue(array, -LARGEST_FLOAT16, LARGEST_FLOAT16))[0];
        INDArray narrow = inRange.castTo(DataType.FLOAT16);
        release(inRange);
        return narrow;
    }

    /** The array as it arrives, of its own type. */
    public INDArray rounded(INDArray array) {
        if (!isRounded(array)) {
            return array;
        }
        INDArray narrow = toWire(array);
        INDArray rounded = narrow.castTo(array.dataType());
        release(narrow);
        return rounded;
    }

    private static void release(INDArray array) {
        if (array.closeable()) {
            array.close();
        }
    }

    /** Activations as they arrive; masks are the same. */
    public Map<String, BoundaryTensor> activations(Map<String, BoundaryTensor> message) {
        return each(message, tensor -> new BoundaryTensor(rounded(tensor.activations()), tensor.mask()));
    }

    /** Gradients as they arrive. */
    public Map<String, INDArray> gradients(Map<String, INDArray> message) {
        return each(message, this::rounded);
    }

    /** Bytes that activations move over the link, masks included. */
    long activationBytes(Map<String, BoundaryTensor> message) {
        return message.values().stream()
                .mapToLong(tensor -> tensor.bytes() - savedBytes(tensor.activations()))
                .sum();
    }

    /** Bytes that gradients move over the link. */
    long gradientBytes(Map<String, INDArray> message) {
        return message.values().stream()
                .mapToLong(gradient -> gradient.length() * gradient.dataType().width() - savedBytes(gradient))
                .sum();
    }

    private long savedBytes(INDArray array) {
        return isRounded(array) ? array.length() * (array.dataType().width() - DataType.FLOAT16.width()) : 0;
    }

    private static <T> Map<String, T> each(Map<String, T> message, UnaryOperator<T> change) {
        Map<String, T> changed = new LinkedHashMap<>();
        message.forEach((name, value) -> changed.put(name, change.apply(value)));
        return changed;
    }

    private boolean isRounded(INDArray array) {
        boolean isFloat = array.dataType() == DataType.FLOAT || array.dataType() == DataType.DOUBLE;
        return wire != WireType.EXACT && isFloat && !array.isEmpty();
    }
}
