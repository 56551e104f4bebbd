package io.github.skydl4j.transport;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A boundary message on its way in: the head has come, the arrays are there to be filled. See {@link TensorPacker}. */
final class TensorUnpacker {
    private final List<DataType> originals = new ArrayList<>();
    private final List<INDArray> arrays = new ArrayList<>();
    private final WireReader fields;
    private final long bytes;
    private Iterator<INDArray> next = arrays.iterator();

    /**
     * Reads a head and makes its arrays.
     *
     * @throws MalformedFrameException if it is none, or what is made of it would take more than {@code limit} bytes
     */
    TensorUnpacker(WireReader head, long limit) {
        List<TensorHeader> headers = new ArrayList<>();
        head.each(in -> {
            headers.add(TensorHeader.read(in));
            originals.add(TensorHeader.readType(in));
        });
        bytes = headers.stream().mapToLong(TensorHeader::bytes).sum();
        long needed = bytes;
        for (int i = 0; i < headers.size(); i++) {
            needed += restoredBytes(headers.get(i), originals.get(i));
        }
        if (needed > limit) {
            throw new MalformedFrameException("tensors that take " + needed + " bytes, at most " + limit + " may come");
        }
        headers.forEach(header -> arrays.add(header.allocate()));
        fields = head;
    }

    /** What {@link #finish} takes for an array that has travelled as another type. */
    private static long restoredBytes(TensorHeader header, DataType original) {
        return header.type() == original ? 0 : header.bytes() / header.type().width() * original.width();
    }

    private static INDArray restored(INDArray received, DataType original) {
        if (received.dataType() == original) {
            return received;
        }
        INDArray array = received.castTo(original);
        if (received.closeable()) {
            received.close();
        }
        return array;
    }

    /** Bytes of all arrays. */
    long bytes() {
        return bytes;
    }

    /** The arrays whose elements follow the head. */
    List<INDArray> arrays() {
        return arrays;
    }

    /** The message, when the arrays have been filled. */
    <T> T finish(TensorForm<T> form) {
        List<INDArray> restored = new ArrayList<>();
        for (int i = 0; i < arrays.size(); i++) {
            ArrayBytes.written(arrays.get(i));
            restored.add(restored(arrays.get(i), originals.get(i)));
        }
        next = restored.iterator();
        T message = form.unpack(this);
        fields.end();
        if (next.hasNext()) {
            throw new MalformedFrameException("more tensors than the message names");
        }
        return message;
    }

    WireReader fields() {
        return fields;
    }

    INDArray tensor() {
        if (!next.hasNext()) {
            throw new MalformedFrameException("fewer tensors than the message names");
        }
        return next.next();
    }
}
