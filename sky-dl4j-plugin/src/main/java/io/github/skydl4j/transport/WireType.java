package io.github.skydl4j.transport;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** How floating-point elements travel over a boundary channel. */
public enum WireType {
    /** As they are. */
    EXACT,
    /** Rounded to IEEE half precision: half the bytes of float32, 11 bits of precision, at most 65504. */
    FLOAT16,
    /** Rounded to bfloat16: half the bytes of float32, 8 bits of precision, the range of float32. */
    BFLOAT16;

    /** The array to send in place of this one. */
    INDArray toWire(INDArray array) {
        DataType type = array.dataType();
        if (this == EXACT || (type != DataType.FLOAT && type != DataType.DOUBLE)) {
            return array;
        }
        return array.castTo(this == FLOAT16 ? DataType.FLOAT16 : DataType.BFLOAT16);
    }
}
