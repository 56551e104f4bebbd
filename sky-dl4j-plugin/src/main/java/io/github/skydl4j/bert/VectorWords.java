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

/** Softmax and cross-entropy of rows of scores, a column a word, in place. */
final class VectorWords {
    private final ByteBuffer scores;
    private final int words;
    private final int bound;

    VectorWords(ByteBuffer scores, int words) {
        this.scores = scores;
        this.words = words;
        this.bound = SPECIES.loopBound(words);
    }

    void softmax(int row) {
        int start = row * words;
        double sum = exponentials(start, largest(start));
        scale(start, (float) (1 / sum));
    }

    /** Returns the cross-entropy of a row times its weight, and leaves its gradient. */
    double crossEntropy(int row, int word, double weight) {
        int start = row * words;
        double right = get(scores, start + word);
        float largest = largest(start);
        double sum = exponentials(start, largest);
        scale(start, (float) (weight / sum));
        put(get(scores, start + word) - (float) weight, scores, start + word);
        return weight * (Math.log(sum) + largest - right);
    }

    private float largest(int start) {
        FloatVector largest = FloatVector.broadcast(SPECIES, Float.NEGATIVE_INFINITY);
        for (int c = 0; c < bound; c += LANES) {
            largest = largest.max(load(scores, start + c));
        }
        float most = largest.reduceLanes(VectorOperators.MAX);
        for (int c = bound; c < words; c++) {
            most = Math.max(most, get(scores, start + c));
        }
        return most;
    }

    private double exponentials(int start, float largest) {
        FloatVector sums = FloatVector.zero(SPECIES);
        for (int c = 0; c < bound; c += LANES) {
            FloatVector v = exp(load(scores, start + c).sub(largest));
            store(v, scores, start + c);
            sums = sums.add(v);
        }
        double sum = sums.reduceLanes(VectorOperators.ADD);
        for (int c = bound; c < words; c++) {
            float v = exp(get(scores, start + c) - largest);
            put(v, scores, start + c);
            sum += v;
        }
        return sum;
    }

    private void scale(int start, float factor) {
        for (int c = 0; c < bound; c += LANES) {
            store(load(scores, start + c).mul(factor), scores, start + c);
        }
        for (int c = bound; c < words; c++) {
            put(get(scores, start + c) * factor, scores, start + c);
        }
    }
}
