package io.github.skydl4j.transport;

import io.github.skydl4j.pipeline.Rounding;
import io.github.skydl4j.plan.WireType;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A boundary message taken apart: a head of bytes, and the arrays whose memory follows it on the wire.
 *
 * <pre>
 *   +-----------+--------------------------------------------+------------------
 *   | count i32 | count x ( TensorHeader | original type u8 )| fields ...          the head
 *   +-----------+--------------------------------------------+------------------
 *   elements of the first array, elements of the second, ...                       the arrays
 * </pre>
 *
 * The original type is what the receiver turns an array back into when it travels rounded.
 */
final class TensorPacker implements AutoCloseable {
    private static final int MAX_HEAD_BYTES = 1 << 24;

    private final Rounding rounding;
    private final WireWriter fields = new WireWriter(MAX_HEAD_BYTES);
    private final List<TensorHeader> originals = new ArrayList<>();
    private final List<INDArray> arrays = new ArrayList<>();
    private final List<INDArray> made = new ArrayList<>();

    TensorPacker(WireType wire) {
        this.rounding = new Rounding(wire);
    }

    /** Takes the message apart. */
    static <T> TensorPacker of(T message, TensorForm<T> form, WireType wire) {
        TensorPacker packer = new TensorPacker(wire);
        form.pack(message, packer);
        return packer;
    }

    WireWriter fields() {
        return fields;
    }

    /** Adds the next array, rounded if the channel says so. */
    void tensor(INDArray array) {
        add(array, rounding.toWire(array));
    }

    /** Adds the next array as it is. */
    void exactTensor(INDArray array) {
        add(array, array);
    }

    /** The arrays that follow the head, dense. */
    List<INDArray> arrays() {
        return arrays;
    }

    /** The head. */
    WireWriter head() {
        WireWriter head = new WireWriter(MAX_HEAD_BYTES);
        head.i32(arrays.size());
        for (int i = 0; i < arrays.size(); i++) {
            TensorHeader.of(arrays.get(i)).write(head);
            originals.get(i).writeType(head);
        }
        head.raw(fields.written());
        return head;
    }

    /** Gives back what rounding has made; the arrays of the message stay. */
    @Override
    public void close() {
        made.stream().filter(INDArray::closeable).forEach(INDArray::close);
    }

    @SuppressWarnings("ReferenceEquality") // the very array of the message must not be closed
    private void add(INDArray original, INDArray sent) {
        originals.add(TensorHeader.of(original));
        if (sent != original) {
            made.add(sent);
        }
        arrays.add(ArrayBytes.dense(sent));
    }
}
