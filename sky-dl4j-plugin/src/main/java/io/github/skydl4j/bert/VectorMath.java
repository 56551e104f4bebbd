package io.github.skydl4j.bert;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Vectors of off-heap floats and the functions the kernels need of them.
 *
 * <p>Results do not depend on whether the JVM has compiled the code already, so that a process that was started a moment ago
 * continues another's training bit for bit. The JDK's own exponential and its sum over lanes round differently when compiled.
 */
final class VectorMath {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    /**
     * Numerator and denominator of erf(x)/x in x², highest power first, for |x| at most 4; error about 1e-7. The rational
     * approximation of TensorFlow's XLA (xla/client/lib/math.cc, Apache-2.0) and Eigen.
     */
    private static final float[] ERF_NUMERATOR = {
        -2.72614225801306e-10f,
        2.77068142495902e-08f,
        -2.10102402082508e-06f,
        -5.69250639462346e-05f,
        -7.34990630326855e-04f,
        -2.95459980854025e-03f,
        -1.60960333262415e-02f
    };

    private static final float[] ERF_DENOMINATOR = {
        -1.45660718464996e-05f,
        -2.13374055278905e-04f,
        -1.68282697438203e-03f,
        -7.37332916720468e-03f,
        -1.42647390514189e-02f
    };

    private static final float ERF_LIMIT = 4;

    /** (e^r - 1 - r) / r² for |r| up to ln(2) / 2, highest power first, as in Cephes (Moshier); error of e^r about 1e-7. */
    private static final float[] EXP = {
        1.9875691500e-4f, 1.3981999507e-3f, 8.3334519073e-3f, 4.1665795894e-2f, 1.6666665459e-1f, 5.0000001201e-1f
    };

    private static final float EXP_LEAST = -87.33654f;
    private static final float EXP_MOST = 88.3f;
    private static final float LOG2_E = 1.44269504f;
    private static final float LN2_HIGH = -0.693359375f;
    private static final float LN2_LOW = 2.12194440e-4f;
    /** Added to a small float, rounds it to a whole number that stands in its lowest bits. */
    private static final float ROUNDING = 12_582_912f;

    private static final int EXPONENT_SHIFT = 23;

    private VectorMath() {}

    static FloatPointer pointer(INDArray array) {
        return new FloatPointer(array.data().addressPointer());
    }

    /** The memory of a contiguous float array; good as long as the array is. */
    static ByteBuffer memory(INDArray array) {
        return memory(pointer(array), array.length());
    }

    static ByteBuffer memory(FloatPointer pointer, long length) {
        if (length > Integer.MAX_VALUE / Float.BYTES) {
            throw new IllegalArgumentException("an array of " + length
                    + " floats is too large for the CPU kernels: lower the batch or set -Dsky.bert.kernels=nd4j");
        }
        pointer.capacity(length);
        return pointer.asByteBuffer().order(ByteOrder.nativeOrder());
    }

    static FloatVector load(ByteBuffer memory, int index) {
        return FloatVector.fromByteBuffer(SPECIES, memory, index * Float.BYTES, ByteOrder.nativeOrder());
    }

    static void store(FloatVector vector, ByteBuffer memory, int index) {
        vector.intoByteBuffer(memory, index * Float.BYTES, ByteOrder.nativeOrder());
    }

    static float get(ByteBuffer memory, int index) {
        return memory.getFloat(index * Float.BYTES);
    }

    static void put(float value, ByteBuffer memory, int index) {
        memory.putFloat(index * Float.BYTES, value);
    }

    /** e to the x; 0 below what a float can hold. */
    static FloatVector exp(FloatVector x) {
        FloatVector bounded = x.max(EXP_LEAST).min(EXP_MOST);
        FloatVector power =
                bounded.fma(FloatVector.broadcast(SPECIES, LOG2_E), FloatVector.broadcast(SPECIES, ROUNDING));
        FloatVector whole = power.sub(ROUNDING);
        FloatVector rest = whole.fma(
                FloatVector.broadcast(SPECIES, LN2_LOW), whole.fma(FloatVector.broadcast(SPECIES, LN2_HIGH), bounded));
        FloatVector value = polynomial(EXP, rest).fma(rest.mul(rest), rest).add(1);
        IntVector exponent = power.reinterpretAsInts().lanewise(VectorOperators.LSHL, EXPONENT_SHIFT);
        FloatVector result = value.reinterpretAsInts().add(exponent).reinterpretAsFloats();
        return result.blend(0, x.compare(VectorOperators.LT, EXP_LEAST)).blend(x, x.test(VectorOperators.IS_NAN));
    }

    /** The sum of the lanes, first to last. */
    static float sum(FloatVector x) {
        float sum = 0;
        for (float lane : x.toArray()) {
            sum += lane;
        }
        return sum;
    }

    static float exp(float x) {
        return (float) Math.exp(x);
    }

    static FloatVector erf(FloatVector x) {
        FloatVector bounded = x.max(-ERF_LIMIT).min(ERF_LIMIT);
        FloatVector square = bounded.mul(bounded);
        FloatVector numerator = polynomial(ERF_NUMERATOR, square);
        return numerator.mul(bounded).div(polynomial(ERF_DENOMINATOR, square));
    }

    static float erf(float x) {
        float bounded = Math.max(-ERF_LIMIT, Math.min(ERF_LIMIT, x));
        float square = bounded * bounded;
        return polynomial(ERF_NUMERATOR, square) * bounded / polynomial(ERF_DENOMINATOR, square);
    }

    private static FloatVector polynomial(float[] coefficients, FloatVector x) {
        FloatVector value = FloatVector.broadcast(SPECIES, coefficients[0]);
        for (int i = 1; i < coefficients.length; i++) {
            value = value.fma(x, FloatVector.broadcast(SPECIES, coefficients[i]));
        }
        return value;
    }

    private static float polynomial(float[] coefficients, float x) {
        float value = coefficients[0];
        for (int i = 1; i < coefficients.length; i++) {
            value = Math.fma(value, x, coefficients[i]);
        }
        return value;
    }
}
