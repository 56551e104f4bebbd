package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TuneCommandTest {
    @TempDir
    private Path folder;

    private Path file;
    private Path tuned;

    @BeforeEach
    void writeRun() throws IOException {
        Files.createDirectory(folder.resolve("data"));
        Files.writeString(folder.resolve("data/train.tsv"), "sentence\tlabel\n" + "so good\t1\nso bad\t0\n".repeat(24));
        Files.writeString(folder.resolve("data/dev.tsv"), "sentence\tlabel\nso good\t1\n");
        file = Files.writeString(folder.resolve("run.yaml"), """
                model: {hidden: 8, blocks: 2, heads: 2, maxLength: 8, seed: 3}
                data: {dir: data}
                vocabulary: {size: 40, minCount: 1}
                training: {epochs: 1, batch: 8, microBatches: 4}
                planner: even
                workers: [{name: quick}, {name: slow, slowdown: 3, count: 2, bandwidth: 50 MB/s, latency: 1 ms}]
                profiling: 20 ms
                profile: {reuse: false}
                """);
        tuned = folder.resolve("out/tuned.yaml");
    }

    @Test
    void writesAConfigurationThatTrainsAsTheBestCandidateRan() throws IOException {
        CommandLineRun tune = tune("--budget", "10m", "--candidates", "6");
        assertThat(tune.errors()).isEmpty();
        assertThat(tune.exitCode()).isZero();
        assertThat(tune.output())
                .anyMatch(line -> line.matches(" +1 .*the plan +best so far"))
                .anyMatch(
                        line -> line.matches("Tuned +[1-6] candidates ran, 0 failed, [0-9]+ were simulated; ended .*"))
                .anyMatch(line -> line.matches(" +best .*%.*"))
                .anyMatch(line -> line.contains("of one candidate differ by") || line.contains("the noise of"));

        String written = Files.readString(tuned);
        assertThat(written).contains("allocation:").doesNotContain("planner:");
        CommandLineRun train = CommandLineRun.of("train", tuned.toString());
        assertThat(train.errors()).isEmpty();
        assertThat(train.output()).anyMatch(line -> line.startsWith("Plan ") && line.contains("planner fixed"));
    }

    @Test
    void writesTheWireTypeOfTheBestCandidateForAllLinks() throws IOException {
        CommandLineRun run = tune(
                "--budget",
                "10m",
                "--candidates",
                "6",
                "--wire-types",
                "bfloat16",
                "--set",
                "workers[1].wire=float16",
                "--set",
                "workers[1].bandwidth=1 MB/s",
                "--set",
                "workers[0].bandwidth=1 MB/s");
        assertThat(run.errors()).isEmpty();
        assertThat(run.output()).anyMatch(line -> line.contains("sends bfloat16"));
        String written = Files.readString(tuned);
        boolean wired = written.contains("wire: bfloat16");
        assertThat(written.contains("wire: float16")).isNotEqualTo(wired);
        assertThat(CommandLineRun.of("train", tuned.toString()).errors()).isEmpty();
    }

    @Test
    void goesOnFromItsJournalWithoutRunningACandidateAgain() throws IOException {
        tune("--budget", "10m", "--candidates", "3");
        Path journal = folder.resolve("out/tuned.yaml.journal");
        List<String> first = Files.readAllLines(journal);
        CommandLineRun again = tune("--budget", "10m", "--candidates", "5");
        assertThat(again.exitCode()).isZero();
        assertThat(again.output()).anyMatch(line -> line.contains(" runs were in the journal"));
        List<String> both = Files.readAllLines(journal);
        assertThat(both.subList(0, first.size())).isEqualTo(first);
        List<String> firstRuns = startedFrom(first);
        assertThat(firstRuns).hasSizeGreaterThanOrEqualTo(3);
        assertThat(startedFrom(both.subList(first.size(), both.size())).stream()
                        .filter(firstRuns::contains)
                        .distinct())
                .hasSizeLessThanOrEqualTo(4);
    }

    @Test
    void refusesTheJournalOfAnotherSearch() {
        tune("--budget", "10m", "--candidates", "1");
        CommandLineRun other = tune("--budget", "10m", "--candidates", "1", "--seed", "7");
        assertThat(other.exitCode()).isEqualTo(2);
        assertThat(other.errors()).singleElement().asString().contains("is the journal of a search with another");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--budget=soon      | sky: --budget: found soon, expected a time with its unit, such as 90s, 10m or 2h",
                "--budget=0s        | sky: --budget: found 0s, expected more",
                "--generator=genetc | sky: --generator: found genetc, expected one of random, grid, genetic",
                "--wire-types=exact,float61 | sky: --wire-types: found float61, expected some of exact, bfloat16, float16",
                "--candidates=0     | sky: --candidates: found 0, expected at least 1",
                "--set=allocation=[{worker: quick}] | sky: --set allocation[0].units: not given, expected how many units",
                "--set=allocation=[{worker: quik, units: 3}] | sky: --set allocation[0].worker: found quik, expected one of quick,",
            })
    void refusesWrongInput(String argument, String line) {
        CommandLineRun run = tune(argument);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).singleElement().asString().startsWith(line);
        assertThat(tuned).doesNotExist();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "allocation=[{worker: quick, units: 2}, {worker: quick, units: 3}] | --set allocation[1].worker: found quick again",
                "allocation=[{worker: quick, units: 2, inFlight: 1}, {worker: slow-1, units: 3}] | --set allocation[1].inFlight: given for some",
                "allocation=[{worker: quick, units: 0}] | --set allocation[0].units: found 0, expected a whole number, at least 1",
                "workers[0].measured.slowdown=-2 | --set workers[0].measured.slowdown: found -2, expected a number, above -1",
            })
    void refusesAWrongAllocation(String assignment, String line) {
        CommandLineRun run = CommandLineRun.of("train", file.toString(), "--set", "planner=", "--set", assignment);
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).singleElement().asString().startsWith("sky: " + line);
    }

    @Test
    void refusesAnAllocationThatDoesNotCoverTheModel() {
        CommandLineRun run = CommandLineRun.of(
                "train",
                file.toString(),
                "--set",
                "planner=",
                "--set",
                "allocation=[{worker: quick, units: 2}, {worker: slow-1, units: 3}]");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).singleElement().asString().contains("units");
    }

    private CommandLineRun tune(String... arguments) {
        String[] all = new String[arguments.length + 4];
        System.arraycopy(arguments, 0, all, 4, arguments.length);
        System.arraycopy(new String[] {"tune", file.toString(), "--out", tuned.toString()}, 0, all, 0, 4);
        return CommandLineRun.of(all);
    }

    private static List<String> startedFrom(List<String> journal) {
        return journal.stream().filter(line -> line.startsWith("{\"started\"")).toList();
    }
}
