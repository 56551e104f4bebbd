package io.github.skydl4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.text.TsvFormat.Header;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TsvReaderTest {
    @TempDir
    private Path folder;

    @Test
    void readsOneSentenceWithTheHeaderOfSst2() {
        TextSet set = read("sentence\tlabel\na fine film \t1\nno wit\t0\n");

        assertThat(set.examples())
                .containsExactly(new LabelledText("a fine film", null, 1), new LabelledText("no wit", null, 0));
        assertThat(set.labels()).containsExactly("0", "1");
        assertThat(set.problems()).isEmpty();
    }

    @Test
    void readsPairsWithTheHeaderOfMrpc() {
        TextSet set = read("\uFEFFQuality\t#1 ID\t#2 ID\t#1 String\t#2 String\r\n1\t7\t8\the ran\the did run\r\n");

        assertThat(set.examples()).containsExactly(new LabelledText("he ran", "he did run", 0));
        assertThat(set.labels()).containsExactly("1");
    }

    @Test
    void sortsTheTextLabelsOfRte() {
        TextSet set = read("index\tsentence1\tsentence2\tlabel\n0\ta\tb\tnot_entailment\n1\tc\td\tentailment\n");

        assertThat(set.labels()).containsExactly("entailment", "not_entailment");
        assertThat(set.examples()).extracting(LabelledText::label).containsExactly(1, 0);
    }

    @Test
    void sortsNumbersAsNumbers() {
        assertThat(read("a\t10\nb\t9\nc\t-1\n").labels()).containsExactly("-1", "9", "10");
    }

    @Test
    void keepsGivenLabelsInTheirOrderSoThatFilesAgree() {
        TsvFormat format = TsvFormat.detected().withLabels(List.of("yes", "no"));

        TextSet set = read("a\tno\nb\tno\nc\tmaybe\n", format);

        assertThat(set.labels()).containsExactly("yes", "no");
        assertThat(set.examples()).extracting(LabelledText::label).containsExactly(1, 1);
        assertThat(set.problems()).containsExactly("line 3: label \"maybe\", expected one of [yes, no]");
    }

    @Test
    void readsFilesWithoutHeaderByTheirNumberOfColumns() {
        assertThat(read("one\t0\ntwo\t1\n").examples()).hasSize(2);
        assertThat(read("one\tother\t0\n").examples()).containsExactly(new LabelledText("one", "other", 0));
    }

    @Test
    void keepsQuotesAsText() {
        TextSet set = read("he said \" no\t0\n\"yes\"\t1\n'\"\"\t0\n");

        assertThat(set.examples()).extracting(LabelledText::first).containsExactly("he said \" no", "\"yes\"", "'\"\"");
    }

    @Test
    void choosesColumnsByNameOrNumber() {
        String text = "id\tlabel\ta\tb\n1\tx\tfirst\tsecond\n";
        TsvFormat byName = TsvFormat.detected().withPair("B", "a").withLabel("label");
        TsvFormat byNumber = TsvFormat.detected()
                .withHeader(Header.PRESENT)
                .withSentence("3")
                .withLabel("1");

        assertThat(read(text, byName).examples()).containsExactly(new LabelledText("second", "first", 0));
        assertThat(read(text, byNumber).examples()).containsExactly(new LabelledText("first", null, 0));
        assertThat(read(text, byNumber).labels()).containsExactly("1");
    }

    @Test
    void takesTheFirstLineForAnExampleWhenToldSo() {
        TextSet set = read("sentence\tlabel\nx\t1\n", TsvFormat.detected().withHeader(Header.ABSENT));

        assertThat(set.labels()).containsExactly("1", "label");
    }

    @Test
    void takesAHeaderOfUnknownNamesForAHeader() {
        TextSet set = read("review\tsentiment\n" + "nice\tgood\n".repeat(6) + "ugly\tbad\n".repeat(6));

        assertThat(set.labels()).containsExactly("bad", "good");
        assertThat(set.problems())
                .containsExactly("line 1: taken for a header, its label \"sentiment\" occurs nowhere else");
    }

    @Test
    void reportsBlankAndBrokenLinesByNumber() {
        TextSet set = read("sentence\tlabel\n\nfine\t1\nlonely\n  \t0\na\tb\t0\n");

        assertThat(set.examples()).containsExactly(new LabelledText("fine", null, 0));
        assertThat(set.problems())
                .containsExactly(
                        "line 2: blank",
                        "line 4: 1 column, expected 2",
                        "line 5: a sentence is empty",
                        "line 6: 3 columns, expected 2");
    }

    @Test
    void shortensALongListOfProblems() {
        TextSet set = read("sentence\tlabel\n" + "\n".repeat(50) + "fine\t1\n");

        assertThat(set.problems()).hasSize(21).endsWith("and 30 more");
    }

    @Test
    void refusesAFileWithTooManyBrokenLines() {
        assertRefused(
                "sentence\tlabel\n" + "fine\t1\n".repeat(60) + "broken\n".repeat(4),
                "4 broken lines among 65, at most 3 are allowed (line 62: 1 column, expected 2)");
    }

    @Test
    void refusesAFileWithoutAUsableLine() {
        assertRefused("sentence\tlabel\nbroken\n", "no usable line among 2 (line 2: 1 column, expected 2)");
        assertRefused("sentence\tlabel\n", "no usable line among 1");
        assertRefused("", "is empty");
        assertRefused("\n \n", "is empty");
    }

    @Test
    void refusesUnknownColumns() {
        assertRefused("a\tb\tc\td\n", "4 tab-separated columns and no known header");
        TsvFormat header = TsvFormat.detected().withHeader(Header.PRESENT);
        assertThatThrownBy(() -> read("a\tb\nx\t0\n", header)).hasMessageContaining("[a, b]");
        TsvFormat missing = TsvFormat.detected().withSentence("7");
        assertThatThrownBy(() -> read("sentence\tlabel\nx\t0\n", missing))
                .isInstanceOf(TextException.class)
                .hasMessageContaining("no column 7")
                .hasMessageContaining("numbers from 1 to 2");
        TsvFormat twice = TsvFormat.detected().withSentence("2").withLabel("2");
        assertThatThrownBy(() -> read("x\t0\n", twice)).hasMessageContaining("choose different columns");
    }

    @Test
    void refusesTheSentenceColumnAsLabel() {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 1002; line++) {
            text.append("1\tsentence ").append(line).append('\n');
        }
        assertRefused(text.toString(), "1001 different labels, at most 1000 are allowed");
    }

    @Test
    void refusesMissingFilesAndFolders() {
        TsvReader reader = new TsvReader(TsvFormat.detected(), new Sample.All());

        assertThatThrownBy(() -> reader.read(folder.resolve("none.tsv")))
                .isInstanceOf(TextException.class)
                .hasMessageContaining("none.tsv does not exist");
        assertThatThrownBy(() -> reader.read(folder))
                .isInstanceOf(TextException.class)
                .hasMessageContaining("is a folder");
    }

    @Test
    void refusesWhatIsNotUtf8Text() throws IOException {
        assertRefused(new byte[] {'a', '\t', '0', '\n', (byte) 0xE9, '\t', '1', '\n'}, "data.tsv:2: not UTF-8 text");
        assertRefused("a\t0\n".getBytes(StandardCharsets.UTF_16BE), "data.tsv:1: not");
        assertRefused(new byte[] {'a', 0, '\t', '1'}, "data.tsv:1: not text, it holds a zero byte");
    }

    @Test
    void keepsAsManyExamplesAsAsked() {
        StringBuilder text = new StringBuilder();
        for (int line = 0; line < 100; line++) {
            text.append("sentence ").append(line).append("\t").append(line % 2).append('\n');
        }
        Path file = write(text.toString().getBytes(StandardCharsets.UTF_8));
        TextSet first = new TsvReader(TsvFormat.detected(), new Sample.First(10)).read(file);
        TextSet seeded = new TsvReader(TsvFormat.detected(), new Sample.Seeded(10, 5)).read(file);

        assertThat(first.examples()).hasSize(10).startsWith(new LabelledText("sentence 0", null, 0));
        assertThat(seeded.examples()).hasSize(10).isNotEqualTo(first.examples());
        assertThat(new TsvReader(TsvFormat.detected(), new Sample.Seeded(10, 5)).read(file))
                .isEqualTo(seeded);
        assertThat(new TsvReader(TsvFormat.detected(), new Sample.Seeded(10, 6)).read(file))
                .isNotEqualTo(seeded);
    }

    @Test
    void refusesAnEmptySample() {
        assertThatThrownBy(() -> new Sample.First(0)).isInstanceOf(TextException.class);
        assertThatThrownBy(() -> new Sample.Seeded(-3, 1)).hasMessageContaining("-3");
    }

    private void assertRefused(String text, String message) {
        assertThatThrownBy(() -> read(text))
                .isInstanceOf(TextException.class)
                .hasMessageContaining("data.tsv")
                .hasMessageContaining(message)
                .message()
                .doesNotContain("\n");
    }

    private void assertRefused(byte[] bytes, String message) {
        Path file = write(bytes);
        assertThatThrownBy(() -> new TsvReader(TsvFormat.detected(), new Sample.All()).read(file))
                .isInstanceOf(TextException.class)
                .hasMessageContaining(message);
    }

    private TextSet read(String text) {
        return read(text, TsvFormat.detected());
    }

    private TextSet read(String text, TsvFormat format) {
        return new TsvReader(format, new Sample.All()).read(write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Path write(byte[] bytes) {
        try {
            return Files.write(folder.resolve("data.tsv"), bytes);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
