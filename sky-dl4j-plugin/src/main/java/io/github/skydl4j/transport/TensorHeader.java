package io.github.skydl4j.transport;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * What stands before the elements of a dense array.
 *
 * <pre>
 *   0        1        2        3
 *   +--------+--------+--------+------------------------------
 *   | type   | order  | rank   | rank dimensions (i64 each)
 *   +--------+--------+--------+------------------------------
 * </pre>
 *
 * Type is a number of {@link #TYPES}, order is 'c' or 'f' ('e' for an array of no shape and no elements), rank at most 16. The elements follow little-endian, in that
 * order.
 */
record TensorHeader(DataType type, char order, List<Long> shape) {
    private static final int MAX_RANK = 16;
    private static final char NO_SHAPE = 'e';

    /** Numbers on the wire are places in this list, and stay. */
    private static final List<DataType> TYPES = List.of(
            DataType.FLOAT,
            DataType.DOUBLE,
            DataType.FLOAT16,
            DataType.BFLOAT16,
            DataType.INT64,
            DataType.INT32,
            DataType.INT16,
            DataType.INT8,
            DataType.UINT8,
            DataType.BOOL);

    TensorHeader {
        shape = List.copyOf(shape);
    }

    static TensorHeader of(INDArray array) {
        return new TensorHeader(
                array.dataType(),
                array.isEmpty() && array.rank() == 0 ? NO_SHAPE : array.ordering(),
                Arrays.stream(array.shape()).boxed().toList());
    }

    static TensorHeader read(WireReader in) {
        DataType type = readType(in);
        int order = in.u8();
        if (order != 'c' && order != 'f' && order != NO_SHAPE) {
            throw new MalformedFrameException("tensor order " + order + " is not c, f or e");
        }
        int rank = in.u8();
        if (rank > MAX_RANK) {
            throw new MalformedFrameException("tensor of rank " + rank + ", at most " + MAX_RANK);
        }
        List<Long> shape = new ArrayList<>(rank);
        for (int i = 0; i < rank; i++) {
            shape.add(in.i64());
        }
        return new TensorHeader(type, (char) order, shape).checked();
    }

    static DataType readType(WireReader in) {
        int type = in.u8();
        if (type >= TYPES.size()) {
            throw new MalformedFrameException("tensor type " + type + " is not listed");
        }
        return TYPES.get(type);
    }

    void writeType(WireWriter out) {
        int number = TYPES.indexOf(type);
        if (number < 0) {
            throw new IllegalArgumentException("an array of " + type + " may not travel, only " + TYPES);
        }
        out.u8(number);
    }

    void write(WireWriter out) {
        writeType(out);
        out.u8(order);
        out.u8(shape.size());
        shape.forEach(out::i64);
    }

    /** Bytes of the elements, at most 2^31 - 1. */
    long bytes() {
        long elements = order == NO_SHAPE ? 0 : 1;
        for (long dimension : shape) {
            elements = Math.multiplyExact(elements, dimension);
        }
        return Math.multiplyExact(elements, type.width());
    }

    /** An array of this form; its elements are undefined. */
    INDArray allocate() {
        if (order == NO_SHAPE) {
            return Nd4j.empty(type);
        }
        if (bytes() == 0) {
            return Nd4j.create(type, dimensions());
        }
        return Nd4j.createUninitialized(type, dimensions(), order);
    }

    private long[] dimensions() {
        return shape.stream().mapToLong(Long::longValue).toArray();
    }

    private TensorHeader checked() {
        try {
            if (shape.stream().anyMatch(dimension -> dimension < 0) || bytes() > Integer.MAX_VALUE) {
                throw new MalformedFrameException("tensor of shape " + shape + " is no shape or beyond 2 GiB");
            }
        } catch (ArithmeticException e) {
            throw new MalformedFrameException("tensor of shape " + shape + " is beyond all bounds", e);
        }
        return this;
    }
}
