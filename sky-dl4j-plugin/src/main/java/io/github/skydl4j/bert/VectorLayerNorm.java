package io.github.skydl4j.bert;

import static io.github.skydl4j.bert.VectorMath.LANES;
import static io.github.skydl4j.bert.VectorMath.SPECIES;
import static io.github.skydl4j.bert.VectorMath.get;
import static io.github.skydl4j.bert.VectorMath.load;
import static io.github.skydl4j.bert.VectorMath.put;
import static io.github.skydl4j.bert.VectorMath.store;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;

/** Layer norm, row by row; a row stays in the first-level cache over its passes. */
final class VectorLayerNorm {
    private final int rows;
    private final int columns;
    private final int bound;

    VectorLayerNorm(int rows, int columns) {
        this.rows = rows;
        this.columns = columns;
        this.bound = SPECIES.loopBound(columns);
    }

    void forward(
            ByteBuffer x,
            ByteBuffer gain,
            ByteBuffer bias,
            double epsilon,
            ByteBuffer inverseDeviation,
            ByteBuffer result) {
        for (int row = 0; row < rows; row++) {
            int start = row * columns;
            float mean = sum(x, start) / columns;
            float variance = squaredDistance(x, start, mean) / columns;
            float inverse = (float) (1 / Math.sqrt(variance + epsilon));
            put(inverse, inverseDeviation, row);
            for (int c = 0; c < bound; c += LANES) {
                FloatVector v = load(x, start + c).sub(mean).mul(inverse);
                store(v, x, start + c);
                store(v.fma(load(gain, c), load(bias, c)), result, start + c);
            }
            for (int c = bound; c < columns; c++) {
                float v = (get(x, start + c) - mean) * inverse;
                put(v, x, start + c);
                put(v * get(gain, c) + get(bias, c), result, start + c);
            }
        }
    }

    private float sum(ByteBuffer x, int start) {
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int c = 0; c < bound; c += LANES) {
            sums = sums.add(load(x, start + c));
        }
        float sum = VectorMath.sum(sums);
        for (int c = bound; c < columns; c++) {
            sum += get(x, start + c);
        }
        return sum;
    }

    private float squaredDistance(ByteBuffer x, int start, float center) {
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int c = 0; c < bound; c += LANES) {
            FloatVector distance = load(x, start + c).sub(center);
            sums = distance.fma(distance, sums);
        }
        float sum = VectorMath.sum(sums);
        for (int c = bound; c < columns; c++) {
            float distance = get(x, start + c) - center;
            sum += distance * distance;
        }
        return sum;
    }

    /** Adds to the gradients; writes the error of the norm's input. */
    void backward(
            ByteBuffer error,
            ByteBuffer input,
            ByteBuffer inverseDeviation,
            ByteBuffer gain,
            Sums gradients,
            ByteBuffer inputError) {
        float[] sums = new float[2];
        for (int row = 0; row < rows; row++) {
            int start = row * columns;
            accumulate(error, input, gain, gradients, start, sums);
            float mean = sums[0] / columns;
            float projection = sums[1] / columns;
            float inverse = get(inverseDeviation, row);
            for (int c = 0; c < bound; c += LANES) {
                FloatVector scaled = load(error, start + c).mul(load(gain, c)).sub(mean);
                FloatVector v = scaled.sub(load(input, start + c).mul(projection));
                store(v.mul(inverse), inputError, start + c);
            }
            for (int c = bound; c < columns; c++) {
                float scaled = get(error, start + c) * get(gain, c) - mean;
                put((scaled - get(input, start + c) * projection) * inverse, inputError, start + c);
            }
        }
    }

    /** Gradients of gain and bias, summed over rows. */
    record Sums(float[] gain, float[] bias) {}

    private void accumulate(
            ByteBuffer error, ByteBuffer input, ByteBuffer gain, Sums gradients, int start, float[] sums) {
        float[] gainGradient = gradients.gain();
        float[] biasGradient = gradients.bias();
        FloatVector errors = FloatVector.zero(SPECIES);
        FloatVector projections = FloatVector.zero(SPECIES);
        for (int c = 0; c < bound; c += LANES) {
            FloatVector e = load(error, start + c);
            FloatVector v = load(input, start + c);
            FloatVector.fromArray(SPECIES, biasGradient, c).add(e).intoArray(biasGradient, c);
            e.fma(v, FloatVector.fromArray(SPECIES, gainGradient, c)).intoArray(gainGradient, c);
            FloatVector scaled = e.mul(load(gain, c));
            errors = errors.add(scaled);
            projections = scaled.fma(v, projections);
        }
        sums[0] = VectorMath.sum(errors);
        sums[1] = VectorMath.sum(projections);
        for (int c = bound; c < columns; c++) {
            float e = get(error, start + c);
            float v = get(input, start + c);
            biasGradient[c] += e;
            gainGradient[c] += e * v;
            sums[0] += e * get(gain, c);
            sums[1] += e * get(gain, c) * v;
        }
    }
}
