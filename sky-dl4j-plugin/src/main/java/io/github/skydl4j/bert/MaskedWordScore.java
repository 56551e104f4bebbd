package io.github.skydl4j.bert;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How well a masked language model guesses the words that it is asked for, over many batches: the share of words where its
 * first choice is right, and the perplexity, the exponential of the mean cross-entropy (that of a model which guesses among
 * so many words by chance). Confined to one thread.
 */
public final class MaskedWordScore {
    /** No probability is 0, but some float32 is. */
    private static final double LEAST_PROBABILITY = 1e-30;

    private long asked;
    private long right;
    private double crossEntropy;

    /**
     * Adds a batch.
     *
     * @param words the right words, ids {@code [batch, time]}
     * @param probabilities what the model says, {@code [batch, time, vocabulary]}
     * @param mask other than 0 at the words to count, {@code [batch, time]}; null for all
     */
    public void add(INDArray words, INDArray probabilities, @Nullable INDArray mask) {
        AskedTokens tokens = AskedTokens.withoutWords(mask, words.size(0), words.size(1));
        if (tokens.count() == 0) {
            return;
        }
        int[] ids = words.dup('c').data().asInt();
        INDArray rows = BertArrays.matrix(probabilities.dup('c'));
        try (INDArray counted = TableRows.gather(rows, tokens.rows())) {
            int[] first = counted.argMax(1).toIntVector();
            for (int i = 0; i < tokens.count(); i++) {
                int word = ids[tokens.rows()[i]];
                right += first[i] == word ? 1 : 0;
                crossEntropy -= Math.log(Math.max(LEAST_PROBABILITY, counted.getDouble(i, word)));
            }
        }
        asked += tokens.count();
    }

    /** Words counted. */
    public long asked() {
        return asked;
    }

    /** From 0 to 1; not a number before any word was counted. */
    public double accuracy() {
        return (double) right / asked;
    }

    /** From 1 up; not a number before any word was counted. */
    public double perplexity() {
        return Math.exp(crossEntropy / asked);
    }
}
