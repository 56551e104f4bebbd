package io.github.skydl4j.bert;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The arithmetic of BERT's units, on matrices in c order with one row a token.
 *
 * <p>Results are written into given arrays. Implementations keep no state between calls and may be used by several
 * threads, each with arrays of its own.
 */
interface Kernels {

    /** {@code result = left · right + beta · result}, each factor transposed on demand. */
    void multiply(
            INDArray left, boolean transposeLeft, INDArray right, boolean transposeRight, INDArray result, double beta);

    /** {@code result = left · right}. */
    default void multiply(INDArray left, INDArray right, INDArray result) {
        multiply(left, false, right, false, result, 0);
    }

    /** {@code x += bias} in each row. */
    void addBias(INDArray x, INDArray bias);

    /** {@code x += y}. */
    void add(INDArray x, INDArray y);

    /** {@code target = source}, of one shape. */
    void copy(INDArray source, INDArray target);

    /** The values of a contiguous array in c order; it may be of any type. */
    int[] integers(INDArray array);

    /** {@code result} row = row of the word table + row of the position table + row of the type table. */
    void embed(EmbeddingTables tables, EmbeddingIds ids, INDArray result);

    /**
     * Backward of {@link #embed}: adds to the gradient of the word table, row by row in the order of the tokens, and writes
     * the other two.
     */
    void embedBackward(INDArray error, EmbeddingIds ids, EmbeddingTables gradients);

    /** Tables of embeddings, or their gradients, one row an entry. */
    record EmbeddingTables(INDArray word, INDArray position, INDArray type) {}

    /** The entries of each token; its position is its place in sentences of {@code time} tokens. */
    @SuppressWarnings("ArrayRecordComponent") // never compared, and read a million times a second
    record EmbeddingIds(int[] words, int[] types, int time) {}

    /** {@code target} row {@code i} = {@code source} row {@code rows[i]}, in matrices of equal width. */
    void gather(INDArray source, int[] rows, INDArray target);

    /** {@code target} row {@code rows[i]} = {@code source} row {@code i}; no row twice. */
    void scatter(INDArray source, int[] rows, INDArray target);

    /** {@code table} row {@code r} = 0 for each of the rows. */
    void clearRows(INDArray table, int[] rows);

    /** {@code target} row {@code r} += {@code source} row {@code r} for each of the rows; no row twice. */
    void addRows(INDArray source, INDArray target, int[] rows);

    /**
     * Plain gradient descent of some rows: the gradient is replaced by {@code gradient / divisor · rate}, rounded after each
     * operation, and subtracted from the parameters. No row twice.
     */
    void descendRows(INDArray parameters, INDArray gradient, int[] rows, int divisor, double rate);

    /** Softmax of each row, in place. */
    void softmax(INDArray scores);

    /**
     * The sum over the rows of weight times cross-entropy of the softmax.
     *
     * @param scores a column a word; replaced by the gradient of the sum
     * @param words the right word of each row
     */
    double crossEntropy(INDArray scores, int[] words, double[] weights);

    /** Drops and scales elements of {@code x}, forward and backward alike; it holds the rows of examples in turn. */
    void dropout(INDArray x, long examples, Dropout dropout);

    /** The sum over rows, {@code sums [1, columns]}. */
    void columnSums(INDArray x, INDArray sums);

    /**
     * GELU by the error function, of {@code x + bias}.
     *
     * @param x replaced by the slope, which {@link #geluBackward} takes
     */
    void gelu(INDArray x, INDArray bias, INDArray activation);

    /**
     * Backward of {@link #gelu}.
     *
     * @param error of the activation; replaced by that of the sum {@code x + bias}
     */
    void geluBackward(INDArray slope, INDArray error, INDArray biasGradient);

    /**
     * Layer norm of each row.
     *
     * @param x replaced by its normalized form, before gain and bias, which {@link #layerNormBackward} takes
     * @param inverseDeviation written, {@code [rows, 1]}
     */
    void layerNorm(
            INDArray x, INDArray gain, INDArray bias, double epsilon, INDArray inverseDeviation, INDArray result);

    /** Backward of {@link #layerNorm}; {@code inputError} is written, {@code error} is only read. */
    void layerNormBackward(INDArray error, Normalized normalized, LayerNormGradients gradients, INDArray inputError);

    /** What the backward of a layer norm needs: normalized input, {@code [rows, 1]} inverse deviations, gain. */
    record Normalized(INDArray input, INDArray inverseDeviation, INDArray gain) {}

    /** Where the gradients of a layer norm go, {@code [1, columns]} each. */
    record LayerNormGradients(INDArray gain, INDArray bias) {}

    /**
     * Self-attention of all heads, without the projections around it.
     *
     * @param projected queries, keys, values side by side, {@code [batch·time, 3·hidden]}
     * @param mask 1 where a token is real, {@code [batch, time]}
     * @param dropout of the probabilities
     * @param probabilities written as they are before dropout, {@code [batch·heads·time, time]}
     * @param context written, {@code [batch·time, hidden]}
     */
    void attention(
            AttentionShape shape,
            INDArray projected,
            INDArray mask,
            Dropout dropout,
            INDArray probabilities,
            INDArray context);

    /** Backward of {@link #attention}, with the same dropout; {@code projectedError} is written, everything else is only read. */
    void attentionBackward(
            AttentionShape shape,
            INDArray projected,
            Dropout dropout,
            INDArray probabilities,
            INDArray contextError,
            INDArray projectedError);

    /**
     * One step of Adam over flat arrays.
     *
     * @param gradient replaced by the update to subtract
     * @param mean the moving average of gradients, updated
     * @param square the moving average of their squares, updated
     */
    void adam(AdamStep step, INDArray gradient, INDArray mean, INDArray square);
}
