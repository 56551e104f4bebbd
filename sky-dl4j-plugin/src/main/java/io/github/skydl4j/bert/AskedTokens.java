package io.github.skydl4j.bert;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The tokens of a batch whose words a masked language model is asked for.
 *
 * @param rows their places among all tokens, {@code example · time + position}, ascending
 * @param words the words that are right, one for each row
 * @param weights of their cross-entropies in the loss, one for each row
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and read by kernels
record AskedTokens(int[] rows, int[] words, double[] weights) {

    int count() {
        return rows.length;
    }

    /**
     * Those of labels {@code [batch, time]}.
     *
     * @param mask weights {@code [batch, time]}, or null where all are 1
     * @throws IllegalArgumentException for shapes that do not fit, or a word that is not in the vocabulary
     */
    static AskedTokens of(INDArray labels, @Nullable INDArray mask, long[] hidden, BertConfig config) {
        requireShape("labels", labels, hidden[0], hidden[1]);
        AskedTokens asked = withoutWords(mask, hidden[0], hidden[1]);
        int[] all = labels.dup('c').data().asInt();
        for (int i = 0; i < asked.rows.length; i++) {
            int word = all[asked.rows[i]];
            if (word < 0 || word >= config.vocabularySize()) {
                throw new IllegalArgumentException(
                        "label %d is not a word: the vocabulary is [0, %d)".formatted(word, config.vocabularySize()));
            }
            asked.words[i] = word;
        }
        return asked;
    }

    /** Those whose words are not known yet: 0 stands in their place. */
    static AskedTokens withoutWords(@Nullable INDArray mask, long batch, long time) {
        double[] weights = new double[Math.toIntExact(batch * time)];
        if (mask == null) {
            Arrays.fill(weights, 1);
        } else {
            requireShape("the label mask", mask, batch, time);
            weights = mask.dup('c').data().asDouble();
        }
        List<Integer> rows = new ArrayList<>();
        for (int row = 0; row < weights.length; row++) {
            if (weights[row] != 0) {
                rows.add(row);
            }
        }
        int[] places = rows.stream().mapToInt(Integer::intValue).toArray();
        double[] all = weights;
        return new AskedTokens(
                places,
                new int[places.length],
                Arrays.stream(places).mapToDouble(row -> all[row]).toArray());
    }

    /** Those of one example. */
    AskedTokens ofExample(int example, long time) {
        int first = firstFrom(example * time);
        int end = firstFrom((example + 1) * time);
        return new AskedTokens(
                Arrays.copyOfRange(rows, first, end),
                Arrays.copyOfRange(words, first, end),
                Arrays.copyOfRange(weights, first, end));
    }

    private int firstFrom(long row) {
        int place = Arrays.binarySearch(rows, Math.toIntExact(row));
        return place < 0 ? -place - 1 : place;
    }

    private static void requireShape(String what, INDArray array, long batch, long time) {
        if (array.rank() != 2 || array.size(0) != batch || array.size(1) != time) {
            throw new IllegalArgumentException("%s of a masked language model have shape [%d, %d] here, found %s"
                    .formatted(what, batch, time, Arrays.toString(array.shape())));
        }
    }
}
