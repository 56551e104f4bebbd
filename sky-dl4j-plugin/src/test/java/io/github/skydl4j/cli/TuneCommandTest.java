package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Real searches, of a model so small that a run takes no time. */
class TuneCommandTest {
    @TempDir
    private Path folder;

    private Path file;
    private Path tuned;
    private Path journal;

    @BeforeEach
    void writeRun() throws IOException {
        Files.writeString(folder.resolve("train.tsv"), "sentence\tlabel\n" + "so good\t1\nso bad\t0\n".repeat(32));
        file = Files.writeString(folder.resolve("run.yaml"), """
                model: {hidden: 8, blocks: 1, heads: 2, maxLength: 8}
                data: {train: train.tsv}
                vocabulary: {size: 40, minCount: 1}
                training: {epochs: 1, batch: 32, microBatches: 4}
                workers:
                - {name: quick}
                - {name: slow, slowdown: 1, count: 2, bandwidth: 100 MB/s}
                profiling: 20 ms
                """);
        tuned = folder.resolve("out/tuned.yaml");
        journal = folder.resolve("out/tuned.yaml.journal");
    }

    @Test
    void showsTheBestAndWritesWhatTrainTakes() throws IOException {
        CommandLineRun run = tune("--candidates", "4");
        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .anyMatch(line -> line.matches(" +1 +[0-9.]+ ms +the plan +best so far"))
                .anyMatch(
                        line -> line.matches("Tuned +4 candidates ran, 0 failed, [0-9]+ were simulated; ended since.*"))
                .anyMatch(line -> line.matches(" +step +gain +runs +simulated +against the plan"))
                .anyMatch(line -> line.matches(" *(best)? +[0-9.]+ ms +\\+0.0 % +[0-9] +[0-9.]+ ms +the plan"));

        JsonNode written = new YAMLMapper().readTree(tuned.toFile());
        assertThat(written.has("planner")).isFalse();
        Path report = folder.resolve("report.json");
        CommandLineRun training = CommandLineRun.of("train", tuned.toString(), "--report", report.toString());
        assertThat(training.errors()).isEmpty();
        assertThat(training.exitCode()).isZero();
        JsonNode reported = new ObjectMapper().readTree(report.toFile());
        assertThat(reported.get("planner").textValue()).isEqualTo("fixed");
        assertThat(reported.get("schedule")).isEqualTo(written.get("schedule"));
        assertThat(reported.get("microBatches"))
                .isEqualTo(written.get("training").get("microBatches"));
        assertThat(reported.get("stages").findValuesAsText("worker"))
                .isEqualTo(written.get("allocation").findValuesAsText("worker"));
        assertThat(units(reported.get("stages")))
                .isEqualTo(written.get("allocation").findValues("units").stream()
                        .map(JsonNode::intValue)
                        .toList());
    }

    @Test
    void theSameCommandRunsNothingTwice() throws IOException {
        assertThat(tune("--candidates", "3").exitCode()).isZero();
        List<String> lines = Files.readAllLines(journal);
        String written = Files.readString(tuned);
        CommandLineRun second = tune("--candidates", "3");
        assertThat(second.exitCode()).isZero();
        long runs = lines.stream().filter(line -> line.contains("measured")).count();
        assertThat(second.output()).anyMatch(line -> line.contains(", " + runs + " runs were in the journal;"));
        assertThat(Files.readAllLines(journal)).isEqualTo(lines);
        assertThat(Files.readString(tuned)).isEqualTo(written);
    }

    @Test
    void aJournalOfAnotherSearchStaysAsItIs() throws IOException {
        assertThat(tune("--candidates", "1").exitCode()).isZero();
        List<String> lines = Files.readAllLines(journal);
        assertRefused(tune("--candidates", "1", "--seed", "1"), "sky: " + journal + " is the journal of a search with");
        Files.writeString(journal, "dear diary\n");
        assertRefused(tune("--candidates", "1"), "sky: " + journal + " is no journal of a search");
        assertThat(lines).hasSizeGreaterThan(2);
        assertThat(Files.readString(journal)).isEqualTo("dear diary\n");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--budget soon      | sky: --budget: found soon, expected ",
                "--budget 0s        | sky: --budget: found 0s, expected more",
                "--budget -5m       | sky: --budget: found -5m, expected ",
                "--generator bayes  | sky: --generator: found bayes, expected one of random, grid, genetic",
                "--candidates 0     | sky: --candidates: found 0, expected at least 1",
                "--candidates many  | sky: Invalid value for option '--candidates': 'many' is not an int",
                "--seed x           | sky: Invalid value for option '--seed': 'x' is not a long",
                "--set planer=even  | sky: --set planer: unknown key; did you mean planner?",
                "--set workers[0].memory=1KiB --set workers[1].memory=1KiB | sky: the 3 workers hold 3.0 KiB, the model needs ",
            })
    void refusesWrongInput(String arguments, String line) {
        List<String> command = new ArrayList<>(List.of("tune", file.toString(), "--out", tuned.toString()));
        command.addAll(List.of(arguments.split(" ")));
        assertRefused(CommandLineRun.of(command.toArray(String[]::new)), line);
    }

    @Test
    void refusesAnOutputThatIsMissingOrCannotBeWritten() {
        assertRefused(CommandLineRun.of("tune", file.toString()), "sky: Missing required option: '--out=TUNED.yaml'");
        assertRefused(
                CommandLineRun.of("tune", file.toString(), "--out", folder.toString()),
                "sky: --out: found " + folder + ", expected a file that can be written");
    }

    private CommandLineRun tune(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("tune", file.toString(), "--budget", "60s", "--out", tuned.toString()));
        arguments.addAll(List.of(options));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    private static List<Integer> units(JsonNode stages) {
        List<Integer> units = new ArrayList<>();
        stages.forEach(stage -> units.add(
                stage.get("endUnit").intValue() - stage.get("firstUnit").intValue()));
        return units;
    }

    private static void assertRefused(CommandLineRun run, String start) {
        assertThat(run.errors()).singleElement().asString().startsWith(start);
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
