package io.github.skydl4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.text.BatchOptions.Padding;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class BertBatchesTest {
    private static final Vocabulary VOCABULARY =
            Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a", "b", "c", "d", "e", "f"));

    private final WordPieces pieces = new WordPieces(VOCABULARY, new Words(true));

    @Test
    void givesTokensTypesAndMaskAsFeatures() {
        MultiDataSet batch =
                batches(singles("a b", "c"), BatchOptions.inOrder(2, 6)).next();

        assertThat(batch.getFeatures()).hasSize(3);
        assertThat(batch.getFeatures(0).toIntMatrix()).isEqualTo(new int[][] {{2, 4, 5, 3, 0, 0}, {2, 6, 3, 0, 0, 0}});
        assertThat(batch.getFeatures(1).toIntMatrix()).isEqualTo(new int[2][6]);
        assertThat(batch.getFeatures(2).toIntMatrix()).isEqualTo(new int[][] {{1, 1, 1, 1, 0, 0}, {1, 1, 1, 0, 0, 0}});
        assertThat(batch.getLabels(0).toFloatMatrix()).isEqualTo(new float[][] {{1, 0}, {0, 1}});
        assertThat(batch.getLabels(0).dataType()).isEqualTo(DataType.FLOAT);
        assertThat(batch.hasMaskArrays()).isFalse();
    }

    @Test
    void givesTypeOneToTheSecondSentenceOfAPair() {
        MultiDataSet batch =
                batches(pairs("a b", "c"), BatchOptions.inOrder(1, 8)).next();

        assertThat(batch.getFeatures(0).toIntMatrix()).isEqualTo(new int[][] {{2, 4, 5, 3, 6, 3, 0, 0}});
        assertThat(batch.getFeatures(1).toIntMatrix()).isEqualTo(new int[][] {{0, 0, 0, 0, 1, 1, 0, 0}});
        assertThat(batch.getFeatures(2).toIntMatrix()).isEqualTo(new int[][] {{1, 1, 1, 1, 1, 1, 0, 0}});
        assertThat(batch.hasMaskArrays()).isFalse();
    }

    @Test
    void cutsLongSentencesAndKeepsTheClosingToken() {
        MultiDataSet single =
                batches(singles("a b c d e"), BatchOptions.inOrder(1, 5)).next();
        MultiDataSet pair =
                batches(pairs("a b c d", "e f"), BatchOptions.inOrder(1, 7)).next();

        assertThat(single.getFeatures(0).toIntMatrix()).isEqualTo(new int[][] {{2, 4, 5, 6, 3}});
        assertThat(pair.getFeatures(0).toIntMatrix()).isEqualTo(new int[][] {{2, 4, 5, 3, 8, 9, 3}});
    }

    @Test
    void batchesTextWithoutAnyPiece() {
        MultiDataSet batch =
                batches(singles("\u200b", "a"), BatchOptions.inOrder(2, 5)).next();

        assertThat(batch.getFeatures(0).toIntMatrix()).isEqualTo(new int[][] {{2, 3, 0, 0, 0}, {2, 4, 3, 0, 0}});
    }

    @Test
    void givesASmallerLastBatch() {
        BertBatches batches = batches(singles("a", "b", "c", "d", "e"), BatchOptions.inOrder(2, 5));

        assertThat(sizes(batches)).containsExactly(2L, 2L, 1L);
    }

    @Test
    void repeatsTheOrderOfTheSetWithoutASeed() {
        BertBatches batches = batches(singles("a", "b", "c"), BatchOptions.inOrder(2, 5));

        assertThat(firstWords(batches)).containsExactly(4, 5, 6);
        batches.reset();
        assertThat(firstWords(batches)).containsExactly(4, 5, 6);
    }

    @Test
    void shufflesEveryPassAnewAndReproducibly() {
        TextSet set = singles("a", "b", "c", "d", "e", "f");
        List<List<Integer>> once = passes(batches(set, BatchOptions.shuffled(2, 5, 1)));

        assertThat(once).allSatisfy(pass -> assertThat(pass).containsExactlyInAnyOrder(4, 5, 6, 7, 8, 9));
        assertThat(once).doesNotHaveDuplicates();
        assertThat(passes(batches(set, BatchOptions.shuffled(2, 5, 1)))).isEqualTo(once);
        assertThat(passes(batches(set, BatchOptions.shuffled(2, 5, 2)))).isNotEqualTo(once);
    }

    /** History: BertIterator.reset of DL4J M2.1 does nothing for pairs, so that training ends after one pass. */
    @Test
    void resetsPairsToo() {
        BertBatches batches = batches(pairs("a", "b"), BatchOptions.shuffled(1, 5, 1));

        assertThat(sizes(batches)).hasSize(1);
        assertThat(batches.hasNext()).isFalse();
        batches.reset();
        assertThat(sizes(batches)).hasSize(1);
    }

    @Test
    void doesNotCountAResetBeforeReading() {
        TextSet set = singles("a", "b", "c", "d", "e", "f");
        BertBatches reset = batches(set, BatchOptions.shuffled(2, 5, 1));
        reset.reset();
        reset.reset();

        assertThat(firstWords(reset)).isEqualTo(firstWords(batches(set, BatchOptions.shuffled(2, 5, 1))));
    }

    @Test
    void padsToTheLongestExampleInEights() {
        BatchOptions longest = BatchOptions.inOrder(1, 20).withPadding(Padding.LONGEST);
        BertBatches batches =
                batches(singles("a b c d e f", "a b c d e f a", "a b c d e f a b c d e f a b c d e f a"), longest);

        assertThat(batches.next().getFeatures(0).shape()).containsExactly(1, 8);
        MultiDataSet second = batches.next();
        for (INDArray feature : second.getFeatures()) {
            assertThat(feature.shape()).containsExactly(1, 16);
        }
        assertThat(second.getFeatures(0).getInt(0, 8)).isEqualTo(3);
        assertThat(batches.next().getFeatures(0).shape()).containsExactly(1, 20);
    }

    @Test
    void appliesThePreProcessorToTheFinishedBatch() {
        BertBatches batches = batches(singles("a"), BatchOptions.inOrder(1, 5));
        List<Integer> features = new ArrayList<>();
        batches.setPreProcessor(batch -> features.add(batch.getFeatures().length));
        batches.next();

        assertThat(features).containsExactly(3);
    }

    @Test
    void refusesAnEmptySetAndImpossibleSizes() {
        TextSet empty = new TextSet(List.of(), List.of("0", "1"), List.of());
        assertThatThrownBy(() -> batches(empty, BatchOptions.inOrder(2, 8))).isInstanceOf(TextException.class);
        assertThatThrownBy(() -> BatchOptions.inOrder(0, 8)).hasMessageContaining("batch size 0");
        assertThatThrownBy(() -> BatchOptions.inOrder(2, 4)).hasMessageContaining("at most 4 pieces");
    }

    private BertBatches batches(TextSet set, BatchOptions options) {
        return new BertBatches(set, pieces, options);
    }

    private static TextSet singles(String... sentences) {
        List<LabelledText> examples = new ArrayList<>();
        for (String sentence : sentences) {
            examples.add(new LabelledText(sentence, null, examples.size() % 2));
        }
        return new TextSet(examples, List.of("no", "yes"), List.of());
    }

    private static TextSet pairs(String first, String second) {
        return new TextSet(List.of(new LabelledText(first, second, 1)), List.of("no", "yes"), List.of());
    }

    private static List<Long> sizes(BertBatches batches) {
        List<Long> sizes = new ArrayList<>();
        batches.forEachRemaining(batch -> sizes.add(batch.getFeatures(0).size(0)));
        return sizes;
    }

    private static List<Integer> firstWords(BertBatches batches) {
        List<Integer> words = new ArrayList<>();
        batches.forEachRemaining(batch -> {
            for (int row = 0; row < batch.getFeatures(0).size(0); row++) {
                words.add(batch.getFeatures(0).getInt(row, 1));
            }
        });
        return words;
    }

    private static List<List<Integer>> passes(BertBatches batches) {
        List<List<Integer>> passes = new ArrayList<>();
        for (int pass = 0; pass < 3; pass++) {
            passes.add(firstWords(batches));
            batches.reset();
        }
        return passes;
    }
}
