package io.github.skydl4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VocabularyTest {
    @TempDir
    private Path folder;

    @Test
    void readsTokensInOrderOfTheirIds() throws IOException {
        Path file = Files.writeString(folder.resolve("vocab.txt"), "[PAD]\r\n[UNK]\r\n[CLS]\r\n[SEP]\r\n##é\r\n#\r\n");

        Vocabulary vocabulary = Vocabulary.read(file);

        assertThat(vocabulary.tokens()).containsExactly("[PAD]", "[UNK]", "[CLS]", "[SEP]", "##é", "#");
        assertThat(vocabulary.id("##é")).isEqualTo(4);
        assertThat(vocabulary.id("nowhere")).isEqualTo(1);
    }

    @Test
    void readsBackWhatItSaved() {
        Vocabulary vocabulary = builder("a café , a bistro").build(100, 1);
        vocabulary.save(folder.resolve("vocab.txt"));

        assertThat(Vocabulary.read(folder.resolve("vocab.txt")).tokens()).isEqualTo(vocabulary.tokens());
    }

    @Test
    void refusesVocabulariesWithoutTheTokensOfBert() {
        assertThatThrownBy(() -> Vocabulary.of(List.of("[PAD]", "[UNK]", "[CLS]", "a")))
                .isInstanceOf(TextException.class)
                .hasMessageContaining("no token [SEP] among 4");
    }

    @Test
    void refusesRepeatedAndBlankTokensByLine() throws IOException {
        Path file = Files.writeString(folder.resolve("vocab.txt"), "[PAD]\n[UNK]\n[CLS]\n[SEP]\na\na\n");

        assertThatThrownBy(() -> Vocabulary.read(file))
                .hasMessageContaining("vocab.txt:6: the token a again, after line 5");
        assertThatThrownBy(() -> Vocabulary.of(List.of("[PAD]", " "))).hasMessageContaining(":2: blank");
    }

    @Test
    void buildsSpecialTokensThenCharactersThenFrequentWords() {
        Vocabulary vocabulary = builder("the cat saw the cat", "the act !").build(100, 1);

        assertThat(vocabulary.tokens())
                .containsExactly(
                        "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "!", "a", "c", "e", "h", "s", "t", "w", "##a",
                        "##c", "##e", "##h", "##s", "##t", "##w", "the", "cat", "act", "saw");
    }

    @Test
    void leavesOutRareWordsAndWhatExceedsTheSize() {
        assertThat(builder("ab ab ba", "c").build(100, 2).tokens())
                .containsExactly("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "a", "b", "##a", "##b", "ab");
        assertThat(builder("the quick brown fox jumps over the lazy dog")
                        .build(20, 1)
                        .size())
                .isEqualTo(20);
    }

    @Test
    void spellsWordsItNeverSaw() {
        Vocabulary vocabulary = builder("the cat saw the cat").build(100, 1);
        WordPieces pieces = new WordPieces(vocabulary, new Words(true));

        assertThat(pieces.of("The CAT's hat")).containsExactly("the", "cat", "[UNK]", "s", "h", "##a", "##t");
    }

    @Test
    void refusesSizesThatCannotHold() {
        assertThatThrownBy(() -> builder("a").build(5, 1)).isInstanceOf(TextException.class);
        assertThatThrownBy(() -> builder("a").build(50, 0)).isInstanceOf(TextException.class);
    }

    private static VocabularyBuilder builder(String... sentences) {
        VocabularyBuilder builder = new VocabularyBuilder(new Words(true));
        for (String sentence : sentences) {
            builder.add(sentence);
        }
        return builder;
    }
}
