package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Whatever is wrong with what the user gave: one line on standard error, nothing on standard output, exit code 2. */
class WrongInputTest {
    @TempDir
    private Path folder;

    private Path file;

    @BeforeEach
    void writeUsableFile() throws IOException {
        Files.writeString(folder.resolve("train.tsv"), "sentence\tlabel\nso good\t1\nso bad\t0\n");
        Files.writeString(folder.resolve("dev.tsv"), "sentence\tlabel\nso good\t1\n");
        file = Files.writeString(folder.resolve("run.yaml"), """
                model: {hidden: 8, blocks: 1, heads: 2, maxLength: 8}
                data: {dir: .}
                vocabulary: {size: 40, minCount: 1}
                training: {epochs: 1, batch: 2, microBatches: 1}
                workers:
                - {name: a, slowdown: 0}
                - {name: b, slowdown: 1}
                """);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "training.epochz=3        | --set training.epochz: unknown key; did you mean training.epochs? allowed are batch,",
                "trainig.epochs=3         | --set trainig: unknown key; did you mean training? allowed are allocation, cluster, data,",
                "microBatches=4           | --set microBatches: unknown key; did you mean training.microBatches? allowed are allocation, cluster, data,",
                "workers[1].slowdwon=4    | --set workers[1].slowdwon: unknown key; did you mean workers[1].slowdown? allowed are bandwidth,",
                "training.epochs=three    | --set training.epochs: found \"three\", expected a whole number, at least 1",
                "training.epochs=1.5      | --set training.epochs: found 1.5, expected a whole number, at least 1",
                "training.epochs='5'      | --set training.epochs: found \"5\", expected a whole number, at least 1",
                "training.epochs=0        | --set training.epochs: found 0, expected a whole number, at least 1",
                "training.epochs=[1]      | --set training.epochs: found a list, expected a whole number, at least 1",
                "training.microBatches=3  | --set training.microBatches: found 3, expected at most training.batch, which is 2",
                "training.learningRate=0  | --set training.learningRate: found 0, expected a number, above 0",
                "training.learningRate=x  | --set training.learningRate: found \"x\", expected a number, above 0",
                "training.learningRate=.inf | --set training.learningRate: ",
                "training.decay=liner     | --set training.decay: found \"liner\", expected one of none, linear; did you mean linear?",
                "training.updater=adma    | --set training.updater: found \"adma\", expected one of adam, amsgrad, nadam, nesterovs, sgd; did you mean adam?",
                "training=3               | --set training: found 3, expected keys and values",
                "model.heads=3            | --set model.heads: found 3, expected a divisor of model.hidden, which is 8",
                "model.maxLength=4        | --set model.maxLength: found 4, expected a whole number, at least 5",
                "data.dir=nosuch          | --set data.dir: found nosuch, which is no folder (seen from ",
                "data.train=nosuch.tsv    | --set data.train: there is no file nosuch.tsv (seen from ",
                "data.lowerCase=perhaps   | --set data.lowerCase: found \"perhaps\", expected true or false",
                "data.columns.second=2    | --set data.columns.second: found 2, but no data.columns.sentence, expected both",
                "data.labels=[a, a]       | --set data.labels: found [a, a], expected each of them once",
                "vocabulary.file=nosuch   | --set vocabulary.file: found nosuch, which is no file, seen from ",
                "planner=exakt            | --set planner: found \"exakt\", expected one of even, proportional, paper, exact, quick; did you mean exact?",
                "schedule=1f2b            | --set schedule: found \"1f2b\", expected one of gpipe, 1f1b, round-trip; did you mean 1f1b?",
                "workers=3                | --set workers: found 3, expected a list",
                "workers[0]=3             | --set workers[0]: found 3, expected keys and values",
                "workers[7].slowdown=1    | --set workers[7].slowdown: place 7 of a list of 2, allowed are 0 to 1",
                "workers[1].slowdown=-1   | --set workers[1].slowdown: found -1, expected a number, at least 0",
                "workers[1].name=a        | --set workers[1].name: found a again, expected different names",
                "workers[1].memory=4      | --set workers[1].memory: found 4, expected a size with its unit, such as \"4 GiB\"",
                "workers[1].memory=0 B    | --set workers[1].memory: found 0, expected more",
                "workers[1].bandwidth=fast | --set workers[1].bandwidth: found \"fast\", expected a bandwidth with its unit",
                "workers[1].latency=5 m   | --set workers[1].latency: found \"5 m\", expected a time with its unit",
                "emulation.dilation=0.5   | --set emulation.dilation: found 0.5, expected a number, at least 1",
                "wire=float61             | --set wire: found \"float61\", expected one of exact, bfloat16, float16; did you mean float16?",
                "workers[1].wire=1        | --set workers[1].wire: found 1, expected one of exact, bfloat16, float16",
                "profiling=0 s            | --set profiling: found 0, expected more",
                "model.hidden.x=1         | --set model.hidden.x: no key x there, found 8",
                "workers.x=1              | --set workers.x: no key x there, found a list",
                "model[0]=1               | --set model[0]: no list to take place 0 of, found keys and values",
                "training.epochs          | --set training.epochs: no key and \"=\" found, expected key=value",
                "training..epochs=1       | --set training..epochs: \"\" is not a key",
                "training.epochs=[        | --set training.epochs: not YAML: ",
            })
    void namesKeyFoundAndAllowedOfAnAssignment(String assignment, String line) {
        assertRefused(CommandLineRun.of("train", file.toString(), "--set", assignment), "sky: " + line);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "modl: {}                  | :1: modl: unknown key; did you mean model?",
                "model: {}\\nmodl: {}      | :2: modl: unknown key; did you mean model?",
                "data:\\n  dri: .          | :2: data.dri: unknown key; did you mean data.dir?",
                "workers:\\n- {}\\n- {nme: x} | :3: workers[1].nme: unknown key; did you mean workers[1].name?",
                "training:\\n  batch: yes  | :2: training.batch: found true, expected a whole number, at least 1",
                "training:\\n- epochs      | :1: training: found a list, expected keys and values",
                "training: {}              | : data.dir: not given, expected a folder with train.tsv and dev.tsv",
                "a: 1\\na: 2               | :2: not YAML: Duplicate field 'a'",
                "a: [1                     | : not YAML: expected ',' or ']'",
                "hello                     | : found \"hello\", expected keys and values",
                "- hello                   | : found a list, expected keys and values",
                "''                        | : found nothing, expected keys and values",
            })
    void namesLineKeyFoundAndAllowedOfAFile(String text, String line) throws IOException {
        Files.writeString(file, text.replace("\\n", "\n"));
        assertRefused(CommandLineRun.of("train", file.toString()), "sky: " + file + line);
    }

    @Test
    void refusesFilesThatCannotBeRead() throws IOException {
        assertRefused(CommandLineRun.of("train", "nosuch.yaml"), "sky: nosuch.yaml does not exist, seen from ");
        assertRefused(CommandLineRun.of("train", folder.toString()), "sky: " + folder + " is a folder");
        Files.write(file, new byte[] {(byte) 0xC3, 0x28});
        assertRefused(
                CommandLineRun.of("train", file.toString()), "sky: " + file + ": not YAML: the file is not UTF-8");
    }

    @Test
    void refusesWrongArguments() {
        assertRefused(CommandLineRun.of("trian"), "sky: Unmatched argument at index 0: 'trian'; did you mean train?");
        assertRefused(CommandLineRun.of("plna"), "sky: Unmatched argument at index 0: 'plna'; did you mean plan?");
        assertRefused(CommandLineRun.of("train"), "sky: Missing required parameter: 'FILE.yaml'");
        assertRefused(
                CommandLineRun.of("train", "a.yaml", "--sett"), "sky: Unknown option: '--sett'; did you mean --set?");
    }

    @Test
    void refusesOutputsThatCannotBeWrittenBeforeAnythingIsTrained() {
        assertRefused(
                CommandLineRun.of("train", file.toString(), "--report", folder.toString()),
                "sky: report: found " + folder + ", expected a file that can be written");
        assertRefused(
                CommandLineRun.of("train", file.toString(), "--save", file + "/model.zip"),
                "sky: save: the folder " + file + " cannot be made: ");
    }

    @Test
    void refusesAddressesThatAreNone() {
        assertRefused(
                CommandLineRun.of("train", file.toString(), "--ui-address", "nine"),
                "sky: Invalid value for option '--ui-address': found nine, expected PORT or HOST:PORT");
        assertRefused(
                CommandLineRun.of("train", file.toString(), "--metrics", "70000"),
                "sky: Invalid value for option '--metrics': found 70000, expected PORT or HOST:PORT");
        assertRefused(
                CommandLineRun.of("train", file.toString(), "--metrics", ":80"),
                "sky: Invalid value for option '--metrics': found :80, whose host is not known");
    }

    @Test
    void refusesAPortThatIsInUse() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String port = Integer.toString(taken.getLocalPort());
            assertRefused(
                    CommandLineRun.of("train", file.toString(), "--metrics", port),
                    "sky: --metrics: nothing can listen on ");
            assertRefused(
                    CommandLineRun.of("train", file.toString(), "--ui-address", port),
                    "sky: --ui: the training UI cannot listen on ");
        }
    }

    @Test
    void refusesATraceThatCannotBeWritten() {
        assertRefused(
                CommandLineRun.of("train", file.toString(), "--trace", folder.toString()),
                "sky: --trace: found " + folder + ", expected a file that can be written");
    }

    @Test
    void refusesDataThatIsOfNoUse() throws IOException {
        Path train = Files.writeString(folder.resolve("train.tsv"), "sentence\tlabel\nno tab here\nnor here\n");
        List<String> arguments = new ArrayList<>(List.of("train", file.toString(), "--quiet"));
        CommandLineRun run = CommandLineRun.of(arguments.toArray(String[]::new));
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors())
                .singleElement()
                .asString()
                .startsWith("sky: ")
                .contains(train.getFileName().toString());
    }

    @Test
    void saysWhatAnInfeasiblePlanNeeds() {
        CommandLineRun run = CommandLineRun.of(
                "train",
                file.toString(),
                "--quiet",
                "--set",
                "profiling=1 ms",
                "--set",
                "workers[0].memory=1 KiB",
                "--set",
                "workers[1].memory=1 KiB");
        assertRefused(run, "sky: ");
        assertThat(run.errors().get(0)).contains("KiB");
    }

    private static void assertRefused(CommandLineRun run, String start) {
        assertThat(run.errors()).singleElement().asString().startsWith(start);
        assertThat(run.output()).isEmpty();
        assertThat(run.exitCode()).isEqualTo(2);
    }
}
