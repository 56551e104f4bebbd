package io.github.skydl4j.bert;

import static io.github.skydl4j.bert.VectorMath.LANES;
import static io.github.skydl4j.bert.VectorMath.SPECIES;
import static io.github.skydl4j.bert.VectorMath.get;
import static io.github.skydl4j.bert.VectorMath.load;
import static io.github.skydl4j.bert.VectorMath.memory;
import static io.github.skydl4j.bert.VectorMath.pointer;
import static io.github.skydl4j.bert.VectorMath.put;
import static io.github.skydl4j.bert.VectorMath.store;

import io.github.skydl4j.bert.VectorProduct.Matrix;
import java.nio.ByteBuffer;
import jdk.incubator.vector.FloatVector;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The kernels for float32 on a CPU: products by cblas straight on ND4J's memory, everything else by the JDK's Vector
 * API, fused where that saves passes over memory.
 */
final class VectorKernels implements Kernels {
    /** Loaded by name where the module jdk.incubator.vector is there. */
    VectorKernels() {
        // A missing OpenBLAS shows here, where ND4J operations can still be chosen.
        VectorProduct.load();
    }

    @Override
    public void multiply(
            INDArray left,
            boolean transposeLeft,
            INDArray right,
            boolean transposeRight,
            INDArray result,
            double beta) {
        int inner = transposeLeft ? rows(left) : columns(left);
        VectorProduct.multiply(
                rows(result),
                columns(result),
                inner,
                new Matrix(pointer(left), columns(left), transposeLeft),
                new Matrix(pointer(right), columns(right), transposeRight),
                new Matrix(pointer(result), columns(result)),
                (float) beta);
    }

    @Override
    public void addBias(INDArray x, INDArray bias) {
        ByteBuffer values = memory(x);
        ByteBuffer biases = memory(bias);
        int columns = columns(x);
        int bound = SPECIES.loopBound(columns);
        for (int start = 0; start < x.length(); start += columns) {
            for (int c = 0; c < bound; c += LANES) {
                store(load(values, start + c).add(load(biases, c)), values, start + c);
            }
            for (int c = bound; c < columns; c++) {
                put(get(values, start + c) + get(biases, c), values, start + c);
            }
        }
    }

    @Override
    public void add(INDArray x, INDArray y) {
        ByteBuffer values = memory(x);
        ByteBuffer others = memory(y);
        int length = Math.toIntExact(x.length());
        int bound = SPECIES.loopBound(length);
        for (int i = 0; i < bound; i += LANES) {
            store(load(values, i).add(load(others, i)), values, i);
        }
        for (int i = bound; i < length; i++) {
            put(get(values, i) + get(others, i), values, i);
        }
    }

    @Override
    public void copy(INDArray source, INDArray target) {
        Pointer.memcpy(pointer(target), pointer(source), source.length() * Float.BYTES);
    }

    @Override
    public int[] integers(INDArray array) {
        if (array.dataType() != DataType.FLOAT) {
            return array.dup('c').data().asInt();
        }
        ByteBuffer values = memory(array);
        int[] integers = new int[Math.toIntExact(array.length())];
        for (int i = 0; i < integers.length; i++) {
            integers[i] = (int) get(values, i);
        }
        return integers;
    }

    @Override
    public void embed(EmbeddingTables tables, EmbeddingIds ids, INDArray result) {
        VectorEmbedding.forward(tables, ids, result);
    }

    @Override
    public void embedBackward(INDArray error, EmbeddingIds ids, EmbeddingTables gradients) {
        VectorEmbedding.backward(error, ids, gradients);
    }

    @Override
    public void gather(INDArray source, int[] rows, INDArray target) {
        ByteBuffer from = memory(source);
        ByteBuffer to = memory(target);
        int bytes = columns(source) * Float.BYTES;
        for (int i = 0; i < rows.length; i++) {
            to.put(i * bytes, from, rows[i] * bytes, bytes);
        }
    }

    @Override
    public void scatter(INDArray source, int[] rows, INDArray target) {
        ByteBuffer from = memory(source);
        ByteBuffer to = memory(target);
        int bytes = columns(source) * Float.BYTES;
        for (int i = 0; i < rows.length; i++) {
            to.put(rows[i] * bytes, from, i * bytes, bytes);
        }
    }

    @Override
    public void clearRows(INDArray table, int[] rows) {
        new VectorRows(rows, columns(table)).clear(memory(table));
    }

    @Override
    public void addRows(INDArray source, INDArray target, int[] rows) {
        new VectorRows(rows, columns(source)).add(memory(source), memory(target));
    }

    @Override
    public void descendRows(INDArray parameters, INDArray gradient, int[] rows, int divisor, double rate) {
        new VectorRows(rows, columns(gradient)).descend(memory(parameters), memory(gradient), divisor, (float) rate);
    }

    @Override
    public void softmax(INDArray scores) {
        VectorWords rows = new VectorWords(memory(scores), columns(scores));
        for (int row = 0; row < rows(scores); row++) {
            rows.softmax(row);
        }
    }

    @Override
    public double crossEntropy(INDArray scores, int[] words, double[] weights) {
        VectorWords rows = new VectorWords(memory(scores), columns(scores));
        double sum = 0;
        for (int row = 0; row < words.length; row++) {
            sum += rows.crossEntropy(row, words[row], weights[row]);
        }
        return sum;
    }

    @Override
    public void columnSums(INDArray x, INDArray sums) {
        ByteBuffer values = memory(x);
        int columns = columns(x);
        int bound = SPECIES.loopBound(columns);
        float[] totals = new float[columns];
        for (int start = 0; start < x.length(); start += columns) {
            for (int c = 0; c < bound; c += LANES) {
                FloatVector.fromArray(SPECIES, totals, c)
                        .add(load(values, start + c))
                        .intoArray(totals, c);
            }
            for (int c = bound; c < columns; c++) {
                totals[c] += get(values, start + c);
            }
        }
        write(totals, sums);
    }

    @Override
    public void dropout(INDArray x, long examples, Dropout dropout) {
        if (dropout.none()) {
            return;
        }
        ByteBuffer values = memory(x);
        int elements = Math.toIntExact(x.length() / examples);
        VectorDropout vectors = new VectorDropout(dropout);
        for (int example = 0; example < examples; example++) {
            int start = example * elements;
            vectors.apply(values, start, values, start, 0, elements, dropout.example(example));
        }
    }

    @Override
    public void gelu(INDArray x, INDArray bias, INDArray activation) {
        VectorGelu.forward(memory(x), memory(bias), memory(activation), rows(x), columns(x));
    }

    @Override
    public void geluBackward(INDArray slope, INDArray error, INDArray biasGradient) {
        float[] sums = new float[columns(slope)];
        VectorGelu.backward(memory(slope), memory(error), sums, rows(slope), columns(slope));
        write(sums, biasGradient);
    }

    @Override
    public void layerNorm(
            INDArray x, INDArray gain, INDArray bias, double epsilon, INDArray inverseDeviation, INDArray result) {
        new VectorLayerNorm(rows(x), columns(x))
                .forward(memory(x), memory(gain), memory(bias), epsilon, memory(inverseDeviation), memory(result));
    }

    @Override
    public void layerNormBackward(
            INDArray error, Normalized normalized, LayerNormGradients gradients, INDArray inputError) {
        int columns = columns(error);
        VectorLayerNorm.Sums sums = new VectorLayerNorm.Sums(new float[columns], new float[columns]);
        new VectorLayerNorm(rows(error), columns)
                .backward(
                        memory(error),
                        memory(normalized.input()),
                        memory(normalized.inverseDeviation()),
                        memory(normalized.gain()),
                        sums,
                        memory(inputError));
        write(sums.gain(), gradients.gain());
        write(sums.bias(), gradients.bias());
    }

    @Override
    public void attention(
            AttentionShape shape,
            INDArray projected,
            INDArray mask,
            Dropout dropout,
            INDArray probabilities,
            INDArray context) {
        try (VectorAttention attention = new VectorAttention(shape, dropout, projected, probabilities)) {
            attention.forward(memory(mask), pointer(context));
        }
    }

    @Override
    public void attentionBackward(
            AttentionShape shape,
            INDArray projected,
            Dropout dropout,
            INDArray probabilities,
            INDArray contextError,
            INDArray projectedError) {
        try (VectorAttention attention = new VectorAttention(shape, dropout, projected, probabilities)) {
            attention.backward(pointer(contextError), pointer(projectedError));
        }
    }

    @Override
    public void adam(AdamStep step, INDArray gradient, INDArray mean, INDArray square) {
        int length = Math.toIntExact(gradient.length());
        new VectorAdam(step).apply(memory(gradient), memory(mean), memory(square), length);
    }

    private static void write(float[] values, INDArray target) {
        pointer(target).put(values, 0, values.length);
    }

    private static int rows(INDArray matrix) {
        return Math.toIntExact(matrix.size(0));
    }

    private static int columns(INDArray matrix) {
        return Math.toIntExact(matrix.size(1));
    }
}
