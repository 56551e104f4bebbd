package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.function.BiConsumer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Writes little-endian fields into a buffer that grows up to a limit. Lengths stand before what they count, as i32.
 *
 * <p>Confined to one thread. {@link WireReader} has the other direction.
 */
public final class WireWriter {
    /** Most bytes of a text; so that a reader may refuse longer ones unseen. */
    public static final int MAX_TEXT_BYTES = 1 << 20;

    private final int limit;
    private ByteBuffer buffer;

    /** Creates an empty writer that refuses to hold more than {@code limit} bytes. */
    public WireWriter(int limit) {
        this.limit = limit;
        buffer = ByteBuffer.allocate(Math.min(256, limit)).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Writes an unsigned byte. */
    public void u8(int value) {
        check(value, 0xff);
        room(1).put((byte) value);
    }

    /** Writes an unsigned short. */
    public void u16(int value) {
        check(value, 0xffff);
        room(2).putShort((short) value);
    }

    public void bool(boolean value) {
        u8(value ? 1 : 0);
    }

    public void i32(int value) {
        room(4).putInt(value);
    }

    public void i64(long value) {
        room(8).putLong(value);
    }

    public void f64(double value) {
        room(8).putDouble(value);
    }

    /** Writes UTF-8, at most {@link #MAX_TEXT_BYTES} of it. */
    public void text(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        if (utf8.length > MAX_TEXT_BYTES) {
            throw new IllegalArgumentException(
                    "a text of " + utf8.length + " bytes may not travel, at most " + MAX_TEXT_BYTES);
        }
        bytes(utf8);
    }

    public void bytes(byte[] value) {
        bytes(ByteBuffer.wrap(value));
    }

    /** Writes what remains in the buffer, whose position stays. */
    public void bytes(ByteBuffer value) {
        i32(value.remaining());
        raw(value);
    }

    public void longs(long[] values) {
        i32(values.length);
        for (long value : values) {
            i64(value);
        }
    }

    public void doubles(double[] values) {
        i32(values.length);
        for (double value : values) {
            f64(value);
        }
    }

    /** Writes the count, then each item by {@code writer}, which must write something. */
    public <T> void list(Collection<T> items, BiConsumer<WireWriter, T> writer) {
        i32(items.size());
        for (T item : items) {
            writer.accept(this, item);
        }
    }

    /** Writes type, order, shape and elements of a dense array; views are copied once more than others. */
    public void tensor(INDArray array) {
        INDArray dense = ArrayBytes.dense(array);
        TensorHeader.of(dense).write(this);
        raw(ArrayBytes.of(dense));
    }

    /** Bytes written so far. */
    public int size() {
        return buffer.position();
    }

    /** What has been written, as a view that is good until the next write. */
    public ByteBuffer written() {
        return buffer.duplicate().order(ByteOrder.LITTLE_ENDIAN).flip();
    }

    /** What has been written, as a copy. */
    public byte[] toBytes() {
        byte[] copy = new byte[size()];
        written().get(copy);
        return copy;
    }

    /** Starts again; the buffer is kept. */
    void clear() {
        buffer.clear();
    }

    /** Writes bytes without their length. */
    void raw(ByteBuffer value) {
        room(value.remaining()).put(value.duplicate());
    }

    private ByteBuffer room(int bytes) {
        if (bytes > buffer.remaining()) {
            grow(bytes);
        }
        return buffer;
    }

    private void grow(int bytes) {
        long needed = (long) buffer.position() + bytes;
        if (needed > limit) {
            throw new IllegalArgumentException("a message of more than " + needed + " bytes may not travel, at most "
                    + limit + ": send it in parts");
        }
        int capacity = (int) Math.min(limit, Math.max(needed, 2L * buffer.capacity()));
        buffer = ByteBuffer.allocate(capacity).order(ByteOrder.LITTLE_ENDIAN).put(buffer.flip());
    }

    private static void check(int value, int max) {
        if (value < 0 || value > max) {
            throw new IllegalArgumentException(value + " is not between 0 and " + max);
        }
    }
}
