package io.github.skydl4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.deeplearning4j.text.tokenization.tokenizer.Tokenizer;
import org.deeplearning4j.text.tokenization.tokenizerfactory.BertWordPieceTokenizerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WordPiecesTest {
    private static final Vocabulary VOCABULARY = Vocabulary.of(List.of(
            "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "un", "##aff", "##able", "cafe", "a", "b", "c", "##b", "##c",
            "#", "!", "東", "京", "the"));

    private final WordPieces pieces = new WordPieces(VOCABULARY, new Words(true));

    @Test
    void splitsWordsIntoTheLongestPieces() {
        assertThat(pieces.of("UNAFFABLE !abc")).containsExactly("un", "##aff", "##able", "!", "a", "##b", "##c");
    }

    @Test
    void lowersCaseAndStripsAccentsOnlyWhenAsked() {
        assertThat(pieces.of("Café")).containsExactly("cafe");
        assertThat(new WordPieces(VOCABULARY, new Words(false)).of("Café cafe")).containsExactly("[UNK]", "cafe");
    }

    @Test
    void separatesChineseCharacters() {
        assertThat(pieces.of("the東京")).containsExactly("the", "東", "京");
    }

    @Test
    void givesNothingForBlankText() {
        assertThat(pieces.of("")).isEmpty();
        assertThat(pieces.of(" \t\n\u0000\u200b\ufffd")).isEmpty();
    }

    @Test
    void givesUnknownForWordsLongerThanBertAllows() {
        assertThat(pieces.of("a" + "b".repeat(99))).hasSize(100).doesNotContain("[UNK]");
        assertThat(pieces.of("a" + "b".repeat(100))).containsExactly("[UNK]");
        assertThat(pieces.of("b".repeat(1_000_000) + " the")).containsExactly("[UNK]", "the");
    }

    @Test
    void doesNotTakeSpecialTokensFromText() {
        assertThat(pieces.of("[SEP]")).doesNotContain("[SEP]");
    }

    /** History: DL4J M2.1 throws on "ba", since there is no "##a"; with "#" in the vocabulary it circles first. */
    @Test
    void givesUnknownWhereDl4jThrows() {
        BertWordPieceTokenizerFactory stock = new BertWordPieceTokenizerFactory(VOCABULARY.ids(), true, true);

        assertThatThrownBy(() -> stock.create("ba")).isInstanceOf(IllegalStateException.class);
        assertThat(pieces.of("ba the")).containsExactly("[UNK]", "the");
    }

    /** History: DL4J M2.1 drops characters that no token has, so that "caf☃e" reads "cafe". */
    @Test
    void givesUnknownWhereDl4jDropsCharacters() {
        BertWordPieceTokenizerFactory stock = new BertWordPieceTokenizerFactory(VOCABULARY.ids(), true, true);

        assertThat(stock.create("caf☃e").getTokens()).containsExactly("cafe");
        assertThat(pieces.of("caf☃e")).containsExactly("[UNK]");
    }

    /** {@code -Dsky.fuzz=100000} tries as many as that. */
    @Test
    void givesPiecesOfTheVocabularyForAnyText() {
        Random random = new Random(7);
        for (int round = 0; round < Integer.getInteger("sky.fuzz", 20_000); round++) {
            String text = noise(random);
            assertThat(VOCABULARY.tokens()).as("round %s", round).containsAll(pieces.of(text));
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5})
    void givesPiecesOfTheVocabularyForAMillionCharacters(int kind) {
        Set<String> found =
                new HashSet<>(pieces.of(noise(kind, 100_000, new Random(kind)).repeat(10)));

        assertThat(VOCABULARY.tokens()).containsAll(found);
    }

    @Test
    void agreesWithDl4jOnWordsThatDl4jCanSplit() {
        BertWordPieceTokenizerFactory stock = new BertWordPieceTokenizerFactory(VOCABULARY.ids(), true, true);
        String text = "the cafe unaffable #!  ab abc acb!b 東京c #";

        assertThat(pieces.create(text).getTokens()).isEqualTo(stock.create(text).getTokens());
    }

    @Test
    void servesAsTokenizerOfDl4j() {
        Tokenizer tokenizer = pieces.create(new ByteArrayInputStream("the cafe".getBytes(StandardCharsets.UTF_8)));
        AtomicBoolean called = new AtomicBoolean();
        tokenizer.setTokenPreProcessor(token -> {
            called.set(true);
            return token;
        });

        assertThat(tokenizer.countTokens()).isEqualTo(2);
        assertThat(tokenizer.nextToken()).isEqualTo("the");
        assertThat(tokenizer.hasMoreTokens()).isTrue();
        assertThat(tokenizer.nextToken()).isEqualTo("cafe");
        assertThat(tokenizer.hasMoreTokens()).isFalse();
        assertThat(called).isTrue();
    }

    /** Letters of the vocabulary, punctuation, controls, lone surrogates and characters of all planes, in any mix. */
    private static String noise(Random random) {
        int length = random.nextInt(50) == 0 ? 2000 : random.nextInt(30);
        return noise(random.nextInt(6), length, random);
    }

    private static String noise(int kind, int length, Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            switch (kind == 5 ? random.nextInt(5) : kind) {
                case 0 -> text.append("unafblec#! ".charAt(random.nextInt(11)));
                case 1 -> text.append((char) random.nextInt(0x100));
                case 2 -> text.append((char) (Character.MIN_SURROGATE + random.nextInt(0x800)));
                case 3 -> text.appendCodePoint(random.nextInt(Character.MAX_CODE_POINT + 1));
                default -> text.append((char) random.nextInt(0x10000));
            }
        }
        return text.toString();
    }
}
