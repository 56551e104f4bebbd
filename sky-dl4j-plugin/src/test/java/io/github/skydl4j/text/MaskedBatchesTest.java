package io.github.skydl4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.MultiDataSet;

class MaskedBatchesTest {
    private static final int EXAMPLES = 21;

    private final TextSet set = new TextSet(
            IntStream.range(0, EXAMPLES)
                    .mapToObj(i -> new LabelledText("the cat sat on mat number " + "x".repeat(1 + i % 3), null, 0))
                    .toList(),
            List.of("text"),
            List.of());
    private final Words words = new Words(true);
    private final WordPieces pieces =
            new WordPieces(new VocabularyBuilder(words).add(set).build(60, 1), words);
    private final Vocabulary vocabulary = pieces.vocabulary();

    @Test
    void asksFor15In100AndMasks80OfThemReplaces10AndLeaves10() {
        int[] ids = new int[200_000];
        int[] before = new int[ids.length];
        Random random = new Random(1);
        for (int i = 0; i < ids.length; i++) {
            ids[i] = before[i] = 5 + random.nextInt(vocabulary.size() - 5);
        }

        boolean[] asked = new Masking(vocabulary, Masking.USUAL_SHARE).apply(ids, random);

        int mask = vocabulary.id(Vocabulary.MASK);
        double count = IntStream.range(0, ids.length).filter(i -> asked[i]).count();
        double masked = IntStream.range(0, ids.length)
                .filter(i -> asked[i] && ids[i] == mask)
                .count();
        double same = IntStream.range(0, ids.length)
                .filter(i -> asked[i] && ids[i] == before[i])
                .count();
        double byChance = 0.1 / vocabulary.size();
        assertThat(count / ids.length).isCloseTo(0.15, within(0.005));
        assertThat(masked / count).isCloseTo(0.8 + byChance, within(0.01));
        assertThat(same / count).isCloseTo(0.1 + byChance, within(0.01));
        assertThat(IntStream.range(0, ids.length).filter(i -> !asked[i])).allMatch(i -> ids[i] == before[i]);
    }

    @Test
    void neverAsksForSpecialPiecesOrPadding() {
        MaskedBatches batches = batches(Order.SHUFFLED, 1.0);
        while (batches.hasNext()) {
            MultiDataSet batch = batches.next();
            INDArray asked = batch.getLabelsMaskArray(0);
            for (int row = 0; row < asked.rows(); row++) {
                for (int position = 0; position < asked.columns(); position++) {
                    String piece = vocabulary.tokens().get(batch.getLabels(0).getInt(row, position));
                    boolean special = piece.startsWith("[") && piece.endsWith("]");
                    assertThat(asked.getDouble(row, position) > 0)
                            .as(piece)
                            .isEqualTo(!special && batch.getFeatures(2).getDouble(row, position) == 1);
                }
            }
        }
    }

    @Test
    void labelsAreTheTokensOfThePlainBatchesAndWeightsAddUpToTheExamples() {
        MaskedBatches masked = batches(Order.SHUFFLED, 0.4);
        BertBatches plain = new BertBatches(set, pieces, BatchOptions.shuffled(4, 12, 9));
        while (plain.hasNext()) {
            MultiDataSet batch = masked.next();
            assertThat(batch.getLabels(0)).isEqualTo(plain.next().getFeatures(0));
            double weights = batch.getLabelsMaskArray(0).sumNumber().doubleValue();
            assertThat(weights).isCloseTo(batch.getFeatures(0).size(0), within(1e-4));
            INDArray changed = batch.getFeatures(0).neq(batch.getLabels(0));
            assertThat(changed.castTo(batch.getLabelsMaskArray(0).dataType())
                            .mul(batch.getLabelsMaskArray(0)
                                    .eq(0)
                                    .castTo(batch.getLabelsMaskArray(0).dataType()))
                            .sumNumber()
                            .doubleValue())
                    .as("changed without being asked for")
                    .isZero();
        }
        assertThat(masked.hasNext()).isFalse();
    }

    @Test
    void masksAnewInEveryPassAndTheSameForTheSameSeed() {
        MaskedBatches first = batches(Order.SHUFFLED, 0.3);
        MaskedBatches second = batches(Order.SHUFFLED, 0.3);
        List<INDArray> passOne = tokens(first);
        assertThat(tokens(second)).isEqualTo(passOne);
        first.reset();
        first.reset();
        second.reset();
        List<INDArray> passTwo = tokens(first);
        assertThat(passTwo).isEqualTo(tokens(second)).isNotEqualTo(passOne);
    }

    @Test
    void masksTheSameInEveryPassWhereTheOrderIsTheSame() {
        MaskedBatches batches = batches(Order.KEPT, 0.3);
        List<INDArray> once = tokens(batches);
        batches.reset();
        assertThat(tokens(batches)).isEqualTo(once);
    }

    @Test
    void refusesAVocabularyWithoutMask() {
        Vocabulary without = Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "a"));
        assertThatThrownBy(() -> new Masking(without, 0.15))
                .isInstanceOf(TextException.class)
                .hasMessageContaining("[MASK]");
        assertThatThrownBy(() -> new Masking(vocabulary, 0)).hasMessageContaining("share of 0.0");
    }

    private enum Order {
        SHUFFLED,
        KEPT
    }

    private MaskedBatches batches(Order order, double share) {
        BatchOptions options = order == Order.SHUFFLED ? BatchOptions.shuffled(4, 12, 9) : BatchOptions.inOrder(4, 12);
        return new MaskedBatches(new BertBatches(set, pieces, options), new Masking(vocabulary, share), 3);
    }

    private static List<INDArray> tokens(MaskedBatches batches) {
        List<INDArray> tokens = new ArrayList<>();
        while (batches.hasNext()) {
            tokens.add(batches.next().getFeatures(0));
        }
        return tokens;
    }
}
