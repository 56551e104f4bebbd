package io.github.skydl4j.bert;

import static io.github.skydl4j.bert.VectorMath.LANES;
import static io.github.skydl4j.bert.VectorMath.SPECIES;
import static io.github.skydl4j.bert.VectorMath.erf;
import static io.github.skydl4j.bert.VectorMath.exp;
import static io.github.skydl4j.bert.VectorMath.get;
import static io.github.skydl4j.bert.VectorMath.load;
import static io.github.skydl4j.bert.VectorMath.put;
import static io.github.skydl4j.bert.VectorMath.store;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Bias and GELU in one pass, forward with its slope, and backward with the bias gradient. */
final class VectorGelu {
    private static final float ROOT_HALF = 0.70710678118654752f;
    private static final float DENSITY_AT_0 = 0.39894228040143268f;

    private VectorGelu() {}

    static void forward(ByteBuffer x, ByteBuffer bias, ByteBuffer activation, int rows, int columns) {
        int bound = SPECIES.loopBound(columns);
        for (int row = 0; row < rows; row++) {
            int start = row * columns;
            for (int c = 0; c < bound; c += LANES) {
                FloatVector v = load(x, start + c).add(load(bias, c));
                FloatVector share = erf(v.mul(ROOT_HALF)).add(1).mul(0.5f);
                FloatVector density = exp(v.mul(v).mul(-0.5f)).mul(DENSITY_AT_0);
                store(v.mul(share), activation, start + c);
                store(v.fma(density, share), x, start + c);
            }
            for (int c = bound; c < columns; c++) {
                float v = get(x, start + c) + get(bias, c);
                float share = 0.5f * (1 + erf(v * ROOT_HALF));
                put(v * share, activation, start + c);
                put(share + v * DENSITY_AT_0 * exp(-0.5f * v * v), x, start + c);
            }
        }
    }

    static void backward(ByteBuffer slope, ByteBuffer error, float[] biasGradient, int rows, int columns) {
        int bound = SPECIES.loopBound(columns);
        for (int row = 0; row < rows; row++) {
            int start = row * columns;
            for (int c = 0; c < bound; c += LANES) {
                FloatVector e = load(error, start + c).mul(load(slope, start + c));
                store(e, error, start + c);
                FloatVector.fromArray(SPECIES, biasGradient, c).add(e).intoArray(biasGradient, c);
            }
            for (int c = bound; c < columns; c++) {
                float e = get(error, start + c) * get(slope, start + c);
                put(e, error, start + c);
                biasGradient[c] += e;
            }
        }
    }
}
