package io.github.skydl4j.bert;

import java.nio.ByteBuffer;

/** An element type of a safetensors file. All are known in headers, only the floating ones are read. */
enum TensorType {
    F64(Double.BYTES, true),
    F32(Float.BYTES, true),
    F16(2, true),
    BF16(2, true),
    I64(Long.BYTES, false),
    I32(Integer.BYTES, false),
    I16(Short.BYTES, false),
    I8(1, false),
    U64(Long.BYTES, false),
    U32(Integer.BYTES, false),
    U16(Short.BYTES, false),
    U8(1, false),
    BOOL(1, false);

    private final int bytes;
    private final boolean floating;

    TensorType(int bytes, boolean floating) {
        this.bytes = bytes;
        this.floating = floating;
    }

    int bytes() {
        return bytes;
    }

    boolean floating() {
        return floating;
    }

    /** The element at an index of little-endian bytes. */
    double value(ByteBuffer elements, int index) {
        return switch (this) {
            case F64 -> elements.getDouble(index * bytes);
            case F32 -> elements.getFloat(index * bytes);
            case F16 -> half(elements.getShort(index * bytes));
            case BF16 -> Float.intBitsToFloat(elements.getShort(index * bytes) << 16);
            default -> throw new CheckpointException("elements of type " + this + " are not read");
        };
    }

    /** IEEE 754 binary16: 1 sign bit, 5 exponent bits biased by 15, 10 fraction bits. */
    private static double half(short bits) {
        int exponent = (bits >> 10) & 0x1F;
        int fraction = bits & 0x3FF;
        double magnitude;
        if (exponent == 0) {
            magnitude = fraction * 0x1p-24;
        } else if (exponent == 31) {
            magnitude = fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
        } else {
            magnitude = Math.scalb(1024.0 + fraction, exponent - 25);
        }
        return bits < 0 ? -magnitude : magnitude;
    }
}
