package io.github.skydl4j.bert;

import java.nio.ByteBuffer;

/** An element type of a safetensors file. */
enum TensorType {
    F64(8) {
        @Override
        double value(ByteBuffer bytes, int index) {
            return bytes.getDouble(index * 8);
        }
    },
    F32(4) {
        @Override
        double value(ByteBuffer bytes, int index) {
            return bytes.getFloat(index * 4);
        }
    },
    F16(2) {
        @Override
        double value(ByteBuffer bytes, int index) {
            return half(bytes.getShort(index * 2));
        }
    },
    BF16(2) {
        @Override
        double value(ByteBuffer bytes, int index) {
            return Float.intBitsToFloat(bytes.getShort(index * 2) << 16);
        }
    };

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    int bytes() {
        return bytes;
    }

    /** The element at an index of little-endian bytes. */
    abstract double value(ByteBuffer bytes, int index);

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
