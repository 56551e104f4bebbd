package io.github.skydl4j.bert;

import static io.github.skydl4j.bert.VectorMath.memory;
import static io.github.skydl4j.bert.VectorMath.pointer;

import io.github.skydl4j.bert.VectorProduct.Matrix;
import java.nio.ByteBuffer;
import org.bytedeco.javacpp.FloatPointer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * One attention, head by head: products on strided parts of the projections, so that nothing is permuted, and the
 * softmax of a head while its scores are in cache.
 */
final class VectorAttention implements AutoCloseable {
    private static final float PADDING_SCORE = -1e30f;

    private final int batch;
    private final int time;
    private final int heads;
    private final int size;
    private final int hidden;
    private final Dropout dropout;
    private final VectorDropout vectorDropout;
    private final VectorSoftmax softmax;
    private final FloatPointer projected;
    private final FloatPointer probabilities;
    private final ByteBuffer probabilityMemory;
    private final Scratch errors;
    private final Scratch dropped;

    /** Room for the scores of one head. */
    private record Scratch(FloatPointer pointer, ByteBuffer memory) {
        static Scratch ofLength(long length) {
            FloatPointer pointer = new FloatPointer(length);
            return new Scratch(pointer, VectorMath.memory(pointer, length));
        }
    }

    VectorAttention(AttentionShape shape, Dropout dropout, INDArray projected, INDArray probabilities) {
        this.batch = Math.toIntExact(shape.batch());
        this.time = Math.toIntExact(shape.time());
        this.heads = Math.toIntExact(shape.heads());
        this.size = Math.toIntExact(shape.headSize());
        this.hidden = heads * size;
        this.dropout = dropout;
        this.vectorDropout = new VectorDropout(dropout);
        this.softmax = new VectorSoftmax(time, shape.scale());
        this.projected = pointer(projected);
        this.probabilities = pointer(probabilities);
        this.probabilityMemory = memory(probabilities);
        this.errors = Scratch.ofLength((long) time * time);
        this.dropped = Scratch.ofLength((long) time * time);
    }

    void forward(ByteBuffer mask, FloatPointer context) {
        float[] padding = new float[time];
        for (int example = 0; example < batch; example++) {
            for (int position = 0; position < time; position++) {
                padding[position] = (1 - VectorMath.get(mask, example * time + position)) * PADDING_SCORE;
            }
            for (int head = 0; head < heads; head++) {
                forward(new Head(example, head), padding, context);
            }
        }
    }

    private void forward(Head head, float[] padding, FloatPointer context) {
        Matrix scores = new Matrix(probabilities.getPointer((long) head.block()), time);
        Matrix keys = head.part(projected, 1);
        VectorProduct.multiply(time, time, size, head.part(projected, 0), keys.transpose(), scores, 0);
        softmax.forward(probabilityMemory, head.block(), padding);
        Matrix values = head.part(projected, 2);
        VectorProduct.multiply(time, size, time, used(head, scores), values, head.context(context), 0);
    }

    void backward(FloatPointer contextError, FloatPointer projectedError) {
        for (int example = 0; example < batch; example++) {
            for (int head = 0; head < heads; head++) {
                backward(new Head(example, head), contextError, projectedError);
            }
        }
    }

    private void backward(Head head, FloatPointer contextError, FloatPointer projectedError) {
        Matrix probability = new Matrix(probabilities.getPointer((long) head.block()), time);
        Matrix error = head.context(contextError);
        Matrix scoreError = new Matrix(errors.pointer(), time);
        Matrix used = used(head, probability);
        VectorProduct.multiply(time, size, time, used.transpose(), error, head.part(projectedError, 2), 0);
        Matrix values = head.part(projected, 2);
        VectorProduct.multiply(time, time, size, error, values.transpose(), scoreError, 0);
        if (!dropout.none()) {
            drop(head, errors.memory(), 0, errors.memory());
        }
        softmax.backward(probabilityMemory, head.block(), errors.memory());
        Matrix keys = head.part(projected, 1);
        VectorProduct.multiply(time, size, time, scoreError, keys, head.part(projectedError, 0), 0);
        Matrix queries = head.part(projected, 0);
        VectorProduct.multiply(time, size, time, scoreError.transpose(), queries, head.part(projectedError, 1), 0);
    }

    /** The probabilities after dropout. */
    private Matrix used(Head head, Matrix probability) {
        if (dropout.none()) {
            return probability;
        }
        drop(head, probabilityMemory, head.block(), dropped.memory());
        return new Matrix(dropped.pointer(), time);
    }

    private void drop(Head head, ByteBuffer source, int from, ByteBuffer target) {
        int element = head.number() * time * time;
        vectorDropout.apply(source, from, target, 0, element, time * time, dropout.example(head.example()));
    }

    /** Where a head's parts lie. */
    private final class Head {
        private final int example;
        private final int number;

        Head(int example, int number) {
            this.example = example;
            this.number = number;
        }

        int example() {
            return example;
        }

        int number() {
            return number;
        }

        /** Index of its first probability. */
        int block() {
            return (example * heads + number) * time * time;
        }

        /** Its queries, keys or values (0, 1, 2). */
        Matrix part(FloatPointer all, int part) {
            long first = (long) example * time * 3 * hidden + (long) part * hidden + (long) number * size;
            return new Matrix(all.getPointer(first), 3 * hidden);
        }

        Matrix context(FloatPointer all) {
            long first = (long) example * time * hidden + (long) number * size;
            return new Matrix(all.getPointer(first), hidden);
        }
    }

    @Override
    public void close() {
        errors.pointer().close();
        dropped.pointer().close();
    }
}
