package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.skydl4j.bert.BertCheckpoint;
import io.github.skydl4j.bert.BertConfig;
import io.github.skydl4j.text.Vocabulary;
import java.io.IOException;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Masked words and folders in HuggingFace's format, from the command line. */
class PretrainedTest {
    private static final String GOOD = "the soup was so good and the tea was so hot";
    private static final String BAD = "the soup was so bad and the tea was so cold";

    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeRun() throws IOException {
        Files.createDirectory(folder.resolve("data"));
        Files.writeString(
                folder.resolve("data/train.tsv"), "sentence\tlabel\n" + (GOOD + "\t1\n" + BAD + "\t0\n").repeat(24));
        Files.writeString(folder.resolve("data/dev.tsv"), "sentence\tlabel\n" + GOOD + "\t1\n" + BAD + "\t0\n");
        Files.writeString(folder.resolve("data/train.txt"), (GOOD + "\n\n" + BAD + "\n").repeat(24));
        Files.writeString(folder.resolve("data/dev.txt"), (GOOD + "\n" + BAD + "\n").repeat(4));
        file = Files.writeString(folder.resolve("run.yaml"), """
                model: {hidden: 16, blocks: 1, heads: 2, maxLength: 16, initializerRange: 0.2, seed: 3}
                data: {dir: data}
                vocabulary: {size: 80, minCount: 1}
                training: {epochs: 1, batch: 8, microBatches: 4, learningRate: 0.02, seed: 2}
                workers: [{name: quick}, {name: slow, slowdown: 1}]
                profiling: 20 ms
                """);
    }

    @Test
    void learnsMaskedWordsFromLinesAndAClassifierStartsFromThem() throws IOException {
        Path pretrained = folder.resolve("out/pretrained");
        Path report = folder.resolve("report.json");
        CommandLineRun masked = train(
                "task=masked-lm",
                "data.kind=lines",
                "training.epochs=40",
                "training.clip=5",
                "model.save='" + pretrained + "'",
                "report='" + report + "'");

        assertThat(masked.errors()).isEmpty();
        assertThat(masked.output()).anyMatch(line -> line.startsWith("Result  masked accuracy "));
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.get("accuracy").isNull()).isTrue();
        assertThat(json.get("maskedAccuracy").doubleValue()).isGreaterThan(0.5);
        assertThat(json.get("perplexity").doubleValue()).isBetween(1.0, 6.0);
        assertThat(json.get("maskedWords").intValue()).isPositive();
        assertThat(BertConfig.read(pretrained.resolve("config.json")).hiddenSize())
                .isEqualTo(16);
        assertThat(Vocabulary.read(pretrained.resolve("vocab.txt")).tokens()).contains("soup");

        Path tuned = folder.resolve("out/tuned");
        CommandLineRun classified = train(
                "model={checkpoint: '" + pretrained + "', save: '" + tuned + "'}",
                "training.epochs=12",
                "training.learningRate=0.003");

        assertThat(classified.errors()).isEmpty();
        assertThat(classified.output())
                .anyMatch(line -> line.contains("21 tensors loaded from " + pretrained))
                .anyMatch(line -> line.contains("new, since it has none: bert.pooler.dense.weight, "))
                .anyMatch(line -> line.contains("not used: cls.predictions."))
                .anyMatch(line -> line.startsWith("Result  accuracy 1.0000"));
        try (BertCheckpoint saved = BertCheckpoint.load(tuned)) {
            assertThat(saved.config().labels()).isEqualTo(2);
            assertThat(saved.vocabulary()).isPresent();
        }
    }

    @Test
    void trainsTheGoldenModelAsItIs() throws IOException {
        Path vocabulary = vocabularyOf(50);
        Path saved = folder.resolve("saved");
        CommandLineRun run = train(
                "model={checkpoint: '" + golden() + "', maxLength: 12, save: '" + saved + "'}",
                "vocabulary={file: '" + vocabulary + "'}",
                "data.labels=['0', '1', '2']");

        assertThat(run.errors()).isEmpty();
        assertThat(run.output()).anyMatch(line -> line.contains("41 tensors loaded from "));
        assertThat(saved.resolve("model.safetensors")).isRegularFile();
    }

    @Test
    void refusesInOneLine() throws IOException {
        Path tooLarge = vocabularyOf(51);
        Path broken = Files.createDirectory(folder.resolve("broken"));
        Files.copy(Path.of(golden()).resolve("config.json"), broken.resolve("config.json"));
        Files.writeString(broken.resolve("model.safetensors"), "not one");
        String checkpoint = "model.checkpoint='" + golden() + "'";
        String bare = "model={checkpoint: '" + golden() + "'";
        String words = "vocabulary={file: '" + vocabularyOf(50) + "'}";

        assertRefused("model.checkpoint: found nosuch, which is no folder (seen from ", "model={checkpoint: nosuch}");
        assertRefused("model.hidden: found beside model.checkpoint, which gives it", checkpoint);
        assertRefused("vocabulary.file: not given, and ", bare + "}");
        assertRefused("model.maxLength: found 99999, expected at most ", bare + ", maxLength: 99999}", words);
        assertRefused(
                "vocabulary.file: found 51 pieces, expected at most 50",
                bare + "}",
                "vocabulary={file: '" + tooLarge + "'}");
        assertRefused("model.checkpoint: " + broken, "model={checkpoint: '" + broken + "'}", words);
        assertRefused("classifier.weight has shape [", bare + "}", words, "data.labels=['0', '1']");
        assertRefused("data.kind: found lines, which have no labels", "data.kind=lines");
        assertRefused("task: found \"masked\", expected one of classification, masked-lm", "task=masked");
    }

    private void assertRefused(String message, String... settings) {
        CommandLineRun run = train(settings);
        assertThat(run.exitCode()).as(message).isEqualTo(2);
        assertThat(run.errors()).singleElement().asString().contains(message);
    }

    private CommandLineRun train(String... settings) {
        Stream<String> sets = Stream.of(settings).flatMap(setting -> Stream.of("--set", setting));
        return CommandLineRun.of(
                Stream.concat(Stream.of("train", file.toString()), sets).toArray(String[]::new));
    }

    private Path vocabularyOf(int size) throws IOException {
        List<String> pieces = new ArrayList<>(List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the"));
        while (pieces.size() < size) {
            pieces.add("word" + pieces.size());
        }
        return Files.write(folder.resolve("vocabulary-" + size + ".txt"), pieces);
    }

    private static String golden() {
        URL resource = Objects.requireNonNull(PretrainedTest.class.getResource("/golden/bert-l2-h32"));
        try {
            return Path.of(resource.toURI()).toString();
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }
}
