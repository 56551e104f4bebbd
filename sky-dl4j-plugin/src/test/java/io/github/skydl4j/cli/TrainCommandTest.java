package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.skydl4j.text.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainCommandTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeRun() throws IOException {
        Files.createDirectory(folder.resolve("data"));
        Files.writeString(folder.resolve("data/train.tsv"), "sentence\tlabel\n" + "so good\t1\nso bad\t0\n".repeat(24));
        Files.writeString(folder.resolve("data/dev.tsv"), "sentence\tlabel\nso good\t1\nso bad\t0\nso bad\t0\n");
        file = Files.writeString(folder.resolve("run.yaml"), """
                model: {hidden: 8, blocks: 1, heads: 2, maxLength: 8, initializerRange: 0.3, seed: 3}
                data: {dir: data}
                vocabulary: {size: 40, minCount: 1}
                training: {epochs: 12, batch: 8, microBatches: 4, learningRate: 0.01, decay: linear, warmUpSteps: 2}
                workers: [{name: quick}, {name: slow, slowdown: 1}]
                profiling: 20 ms
                """);
    }

    @Test
    void learnsReportsAndSaves() throws IOException {
        Path report = folder.resolve("out/report.json");
        Path model = folder.resolve("out/model.zip");
        CommandLineRun run =
                CommandLineRun.of("train", file.toString(), "--report", report.toString(), "--save", model.toString());

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .anyMatch(line -> line.startsWith("Result  accuracy 1.0000, F1 1.0000 on 3 held-out sentences"));
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.get("accuracy").doubleValue()).isEqualTo(1);
        assertThat(json.get("epochs")).hasSize(12);
        assertThat(json.get("stages").get(0).get("firstUnit").intValue()).isZero();
        assertThat(json.get("microBatches").intValue()).isEqualTo(4);

        ComputationGraph network = ModelSerializer.restoreComputationGraph(model.toFile(), true);
        assertThat(network.getIterationCount()).isEqualTo(72);
        assertThat(network.getEpochCount()).isEqualTo(12);
        assertThat(Vocabulary.read(folder.resolve("out/model.vocab.txt")).tokens())
                .contains("good", "bad");
    }

    @Test
    void tracesTheRunAndShowsItsLastStep() throws IOException {
        Path trace = folder.resolve("out/trace.json");
        CommandLineRun run = CommandLineRun.of(
                "train", file.toString(), "--set", "training.epochs=1", "--trace", trace.toString(), "--metrics", "0");

        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .anyMatch(line -> line.matches("Watch {3}http://127\\.0\\.0\\.1:[0-9]+/metrics"))
                .anyMatch(line ->
                        line.matches(" +stage +worker +units +planned busy +busy +waits for input +waits for link"))
                .anyMatch(line -> line.startsWith("Gantt   step 6, bottleneck stage "))
                .anyMatch(line -> line.matches(" +0 (quick|slow) +\\|[0-9a-zU.]{96}\\|"));
        JsonNode json = new ObjectMapper().readTree(trace.toFile());
        assertThat(json.get("traceEvents")).hasSizeGreaterThan(100);
        assertThat(json.at("/otherData/plan/microBatches").intValue()).isEqualTo(4);
    }

    @Test
    void printsNothingWhenQuiet() {
        CommandLineRun run = CommandLineRun.of("train", file.toString(), "--quiet", "--set", "training.epochs=1");
        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).isEmpty();
        assertThat(run.errors()).isEmpty();
    }

    @Test
    void trainsWithoutHeldOutSentences() throws IOException {
        Path report = folder.resolve("report.json");
        CommandLineRun run = CommandLineRun.of(
                "train",
                file.toString(),
                "--set",
                "data={train: '" + folder.resolve("data/train.tsv") + "'}",
                "--set",
                "report='" + report + "'");
        assertThat(run.exitCode()).isZero();
        assertThat(new ObjectMapper().readTree(report.toFile()).get("accuracy").isNull())
                .isTrue();
    }

    @Test
    void dividesTheCoresAmongTheWorkers() {
        int cores = Runtime.getRuntime().availableProcessors();
        assertThat(CommandLineRun.of("threads", file.toString()).output())
                .containsExactly(Integer.toString(Math.max(1, cores / 2)));
        assertThat(CommandLineRun.of("threads", file.toString(), "--set", "workers=[{name: only}]")
                        .output())
                .containsExactly(Integer.toString(cores));
    }

    @Test
    void listsTheCommands() {
        CommandLineRun run = CommandLineRun.of();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .anyMatch(line -> line.matches("  train, coordinator +Train a BERT .*"))
                .anyMatch(line -> line.matches("  plan +Show .*"))
                .anyMatch(line -> line.matches("  profile +Measure .*"));
        assertThat(run.output()).noneMatch(line -> line.contains("threads"));
        assertThat(run.output()).anyMatch(line -> line.contains("./sky train config-templates/quickstart.yaml"));
    }
}
