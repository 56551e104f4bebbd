package io.github.skydl4j.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import org.deeplearning4j.text.tokenization.tokenizerfactory.BertWordPieceTokenizerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Real files, where they are at hand: in the folder of the property sky.shared, or in ../shared beside the project. */
class GlueDataTest {
    private static final Path DATA =
            Path.of(System.getProperty("sky.shared", "../../shared")).resolve("data");
    private static final Path VOCABULARY = DATA.resolve("bert-base-uncased-vocab.txt");

    @ParameterizedTest
    @CsvSource({"SST-2, 67349, 872, false", "MRPC, 3667, 408, true", "RTE, 2490, 277, true"})
    void readsEveryLineOfGlue(String task, int trainExamples, int devExamples, boolean pairs) {
        Path glue = shared(DATA.resolve("glue").resolve(task));
        TextSet train = read(glue.resolve("train.tsv"), TsvFormat.detected());
        TextSet dev = read(glue.resolve("dev.tsv"), TsvFormat.detected().withLabels(train.labels()));

        assertThat(train.problems()).isEmpty();
        assertThat(dev.problems()).isEmpty();
        assertThat(train.examples()).hasSize(trainExamples);
        assertThat(dev.examples()).hasSize(devExamples);
        assertThat(train.isPairs()).isEqualTo(pairs);
        assertThat(train.labels()).hasSize(2);
    }

    @Test
    void agreesWithDl4jsTokenizerOnSst2() {
        Vocabulary vocabulary = Vocabulary.read(shared(VOCABULARY));
        TextSet dev = read(DATA.resolve("glue/SST-2/dev.tsv"), TsvFormat.detected());
        WordPieces pieces = new WordPieces(vocabulary, new Words(true));
        BertWordPieceTokenizerFactory stock = new BertWordPieceTokenizerFactory(vocabulary.ids(), true, true);

        assertThat(vocabulary.size()).isEqualTo(30522);
        for (LabelledText example : dev.examples()) {
            assertThat(pieces.of(example.first()))
                    .isEqualTo(stock.create(example.first()).getTokens());
        }
    }

    @Test
    void batchesThePairsOfRte() {
        WordPieces pieces = new WordPieces(Vocabulary.read(shared(VOCABULARY)), new Words(true));
        TextSet dev = read(DATA.resolve("glue/RTE/dev.tsv"), TsvFormat.detected());
        BertBatches batches = new BertBatches(dev, pieces, BatchOptions.shuffled(32, 64, 1));
        HashSet<Long> sizes = new HashSet<>();
        int examples = 0;
        while (batches.hasNext()) {
            MultiDataSet batch = batches.next();
            sizes.add(batch.getFeatures(0).size(0));
            examples += (int) batch.getLabels(0).sumNumber().doubleValue();
        }
        assertThat(examples).isEqualTo(277);
        assertThat(sizes).containsExactlyInAnyOrder(32L, 21L);
    }

    private static TextSet read(Path file, TsvFormat format) {
        return new TsvReader(format, new Sample.All()).read(file);
    }

    private static Path shared(Path path) {
        assumeTrue(Files.exists(path), () -> path.toAbsolutePath().normalize() + " is absent: set -Dsky.shared");
        return path;
    }
}
