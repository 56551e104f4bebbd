package io.github.skydl4j.bert;

import static io.github.skydl4j.bert.VectorMath.LANES;
import static io.github.skydl4j.bert.VectorMath.SPECIES;
import static io.github.skydl4j.bert.VectorMath.exp;
import static io.github.skydl4j.bert.VectorMath.get;
import static io.github.skydl4j.bert.VectorMath.load;
import static io.github.skydl4j.bert.VectorMath.put;
import static io.github.skydl4j.bert.VectorMath.store;

import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/** Softmax of the attention scores of one head, {@code [time, time]}, in place. */
final class VectorSoftmax {
    private final int time;
    private final int bound;
    private final float scale;

    VectorSoftmax(int time, double scale) {
        this.time = time;
        this.bound = SPECIES.loopBound(time);
        this.scale = (float) scale;
    }

    /** {@code softmax(scale · score + padding)} of each row, the first of which starts at {@code first}. */
    void forward(ByteBuffer scores, int first, float[] padding) {
        for (int start = first; start < first + time * time; start += time) {
            float largest = shift(scores, start, padding);
            float inverse = 1 / exponentials(scores, start, largest);
            for (int c = 0; c < bound; c += LANES) {
                store(load(scores, start + c).mul(inverse), scores, start + c);
            }
            for (int c = bound; c < time; c++) {
                put(get(scores, start + c) * inverse, scores, start + c);
            }
        }
    }

    private float shift(ByteBuffer scores, int start, float[] padding) {
        FloatVector largest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int c = 0; c < bound; c += LANES) {
            FloatVector v = load(scores, start + c).mul(scale).add(FloatVector.fromArray(SPECIES, padding, c));
            store(v, scores, start + c);
            largest = largest.max(v);
        }
        float most = largest.reduceLanes(VectorOperators.MAX);
        for (int c = bound; c < time; c++) {
            float v = get(scores, start + c) * scale + padding[c];
            put(v, scores, start + c);
            most = Math.max(most, v);
        }
        return most;
    }

    private float exponentials(ByteBuffer scores, int start, float largest) {
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int c = 0; c < bound; c += LANES) {
            FloatVector v = exp(load(scores, start + c).sub(largest));
            store(v, scores, start + c);
            sums = sums.add(v);
        }
        float sum = VectorMath.sum(sums);
        for (int c = bound; c < time; c++) {
            float v = exp(get(scores, start + c) - largest);
            put(v, scores, start + c);
            sum += v;
        }
        return sum;
    }

    /** Turns errors of probabilities, from 0 on, into errors of the unscaled scores. */
    void backward(ByteBuffer probabilities, int first, ByteBuffer errors) {
        for (int row = 0; row < time; row++) {
            int start = row * time;
            int from = first + start;
            float sum = product(probabilities, from, errors, start);
            for (int c = 0; c < bound; c += LANES) {
                FloatVector share = load(probabilities, from + c).mul(scale);
                store(load(errors, start + c).sub(sum).mul(share), errors, start + c);
            }
            for (int c = bound; c < time; c++) {
                float share = get(probabilities, from + c) * scale;
                put((get(errors, start + c) - sum) * share, errors, start + c);
            }
        }
    }

    private float product(ByteBuffer probabilities, int from, ByteBuffer errors, int start) {
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int c = 0; c < bound; c += LANES) {
            sums = load(errors, start + c).fma(load(probabilities, from + c), sums);
        }
        float sum = VectorMath.sum(sums);
        for (int c = bound; c < time; c++) {
            sum += get(errors, start + c) * get(probabilities, from + c);
        }
        return sum;
    }
}
