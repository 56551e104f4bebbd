package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Reads what {@link WireWriter} has written, and trusts nothing: a length is compared with what is left before anything is
 * allocated for it, so no allocation is larger than the bytes that arrived. (A list of objects is, by a factor: an item
 * takes at least a byte on the wire.)
 *
 * <p>Confined to one thread. Every method throws {@link MalformedFrameException} when the bytes do not fit.
 */
public final class WireReader {
    private final ByteBuffer buffer;

    /** Reads what remains in the buffer. */
    public WireReader(ByteBuffer buffer) {
        this.buffer = buffer.slice().order(ByteOrder.LITTLE_ENDIAN);
    }

    public int u8() {
        return need(1).get() & 0xff;
    }

    public int u16() {
        return need(2).getShort() & 0xffff;
    }

    public boolean bool() {
        int value = u8();
        if (value > 1) {
            throw new MalformedFrameException(value + " is neither true nor false");
        }
        return value == 1;
    }

    public int i32() {
        return need(4).getInt();
    }

    public long i64() {
        return need(8).getLong();
    }

    public double f64() {
        return need(8).getDouble();
    }

    public String text() {
        ByteBuffer utf8 = part(WireWriter.MAX_TEXT_BYTES);
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(utf8).toString();
        } catch (CharacterCodingException e) {
            throw new MalformedFrameException("a text is not UTF-8", e);
        }
    }

    public byte[] bytes() {
        ByteBuffer part = part(Integer.MAX_VALUE);
        byte[] copy = new byte[part.remaining()];
        part.get(copy);
        return copy;
    }

    public long[] longs() {
        long[] values = new long[count(8)];
        for (int i = 0; i < values.length; i++) {
            values[i] = i64();
        }
        return values;
    }

    public double[] doubles() {
        double[] values = new double[count(8)];
        for (int i = 0; i < values.length; i++) {
            values[i] = f64();
        }
        return values;
    }

    public <T> List<T> list(Function<WireReader, T> reader) {
        List<T> items = new ArrayList<>();
        each(in -> items.add(reader.apply(in)));
        return items;
    }

    /** Calls the reader once for every item that {@link WireWriter#list} has written. */
    public void each(Consumer<WireReader> reader) {
        int count = count(1);
        for (int i = 0; i < count; i++) {
            reader.accept(this);
        }
    }

    /** Reads an array into memory of its own. */
    public INDArray tensor() {
        TensorHeader header = TensorHeader.read(this);
        if (header.bytes() > buffer.remaining()) {
            throw new MalformedFrameException(
                    "a tensor of " + header.bytes() + " bytes where " + buffer.remaining() + " are left");
        }
        INDArray array = header.allocate();
        ArrayBytes.of(array).put(take((int) header.bytes()));
        ArrayBytes.written(array);
        return array;
    }

    /** Bytes that have not been read. */
    public int remaining() {
        return buffer.remaining();
    }

    /** Says that everything has been read. */
    public void end() {
        if (buffer.hasRemaining()) {
            throw new MalformedFrameException(buffer.remaining() + " bytes too many");
        }
    }

    private int count(int itemBytes) {
        int count = i32();
        if (count < 0 || (long) count * itemBytes > buffer.remaining()) {
            throw new MalformedFrameException(
                    count + " items of at least " + itemBytes + " bytes where " + buffer.remaining() + " are left");
        }
        return count;
    }

    private ByteBuffer part(int limit) {
        int length = i32();
        if (length < 0 || length > Math.min(limit, buffer.remaining())) {
            throw new MalformedFrameException(
                    "a part of " + length + " bytes where " + buffer.remaining() + " are left, at most " + limit);
        }
        return take(length);
    }

    private ByteBuffer take(int length) {
        ByteBuffer part = buffer.slice(buffer.position(), length);
        buffer.position(buffer.position() + length);
        return part;
    }

    private ByteBuffer need(int bytes) {
        if (buffer.remaining() < bytes) {
            throw new MalformedFrameException(bytes + " bytes wanted where " + buffer.remaining() + " are left");
        }
        return buffer;
    }
}
