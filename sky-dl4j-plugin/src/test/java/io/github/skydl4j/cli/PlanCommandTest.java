package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.skydl4j.plan.Host;
import io.github.skydl4j.plan.UnitProfile;
import io.github.skydl4j.profile.ModelProfile;
import io.github.skydl4j.profile.ProfileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Eight equal units of 3 ms and 2 MiB, a fast worker and one three times slower: six units and two are the best cut. */
class PlanCommandTest {
    private static final long MIB = 1 << 20;

    @TempDir
    private Path folder;

    private Path file;
    private Path profile;

    @BeforeEach
    void writeRun() throws IOException {
        Files.writeString(folder.resolve("train.tsv"), "sentence\tlabel\n" + "so good\t1\nso bad\t0\n".repeat(32));
        file = Files.writeString(folder.resolve("run.yaml"), """
                model: {hidden: 8, blocks: 1, heads: 2, maxLength: 8}
                data: {train: train.tsv}
                vocabulary: {size: 40, minCount: 1}
                training: {epochs: 1, batch: 32, microBatches: 16}
                workers: [{name: quick}, {name: slow, slowdown: 2}]
                profiling: 20 ms
                """);
        profile = folder.resolve("profile.json");
        writeProfile(16, 2);
    }

    @Test
    void showsStagesWithBarsBoundAndAllPlanners() {
        CommandLineRun run = plan();
        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        assertThat(run.output().get(0))
                .isEqualTo("Plan    2 stages on 2 workers, planner exact, schedule round-trip, 16 micro-batches");
        assertThat(run.output().get(1)).matches("  stage   worker   units   from +to +memory +busy");
        assertThat(run.output())
                .anyMatch(line -> line.matches(" +[01] +quick +6   u[02] +u[57] +[0-9.]+ MiB +[0-9]+ %   #+\\.*"))
                .anyMatch(line -> line.matches(" +[01] +slow +2   u[06] +u[17] +[0-9.]+ MiB +[0-9]+ %   #+\\.*"))
                .anyMatch(line -> line.matches(
                        " +a step is predicted to take .* ms; no plan can beat .* ms: the gap is [0-9.]+ %"))
                .anyMatch(line -> line.matches("  even +[0-9.]+ ms +36.0 ms +[0-9.]+ %"))
                .anyMatch(line -> line.matches("  exact +[0-9.]+ ms +18.0 ms +[0-9.]+ % +chosen"));
    }

    @Test
    void aPlannerByNameIsUsed() {
        assertThat(plan("--planner", "even").output().get(0)).contains("planner even");
    }

    @Test
    void anOwnerHasTheFirstAndTheLastStage() {
        assertThat(plan("--owner", "slow").output())
                .anyMatch(line -> line.matches(" +0 +slow +[0-9].*"))
                .anyMatch(line -> line.matches(" +1 +quick +[0-9].*"))
                .anyMatch(line -> line.matches(" +2 +slow +[0-9].*"));
    }

    @Test
    void refusesAnOwnerThatIsNoWorker() {
        CommandLineRun run = plan("--owner", "boss");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors()).containsExactly("sky: owner: found boss, expected one of the workers quick, slow");
    }

    @Test
    void drawsTheStepInTime() {
        assertThat(plan("--simulate").output())
                .anyMatch(line -> line.startsWith("  0 quick F0F1"))
                .anyMatch(line -> line.startsWith("  1 slow  ..F0B0"));
    }

    @Test
    void saysWhenThereAreTooManyStagesToDraw() throws IOException {
        Path cluster = cluster("workers: [{name: equal, count: 20}]");
        Files.writeString(profile, json(40, 16, 2));
        assertThat(plan("--simulate", "--planner", "even", "--cluster", cluster.toString())
                        .output())
                .contains("Step    not drawn for 20 stages, only for up to 16");
    }

    @Test
    void aClusterReplacesTheWorkersAndCountsOutWorkersOfAKind() throws IOException {
        Path cluster = cluster("workers: [{name: boss}, {name: helper, slowdown: 1, count: 3}]");
        Path report = folder.resolve("out/report.json");
        CommandLineRun run = plan("--cluster", cluster.toString(), "--planner", "even", "--report", report.toString());
        assertThat(run.errors()).isEmpty();
        assertThat(new ObjectMapper().readTree(report.toFile()).findValuesAsText("worker"))
                .containsExactly("boss", "helper-1", "helper-2", "helper-3");
    }

    @Test
    void namesTheWireTypeWhereNumbersDoNotTravelExactly() throws IOException {
        Path cluster = cluster("workers: [{name: a}, {name: b}, {name: c, wire: float16}]");
        Path report = folder.resolve("report.json");
        CommandLineRun run = plan("--cluster", cluster.toString(), "--planner", "even", "--report", report.toString());
        assertThat(run.errors()).isEmpty();
        assertThat(run.output())
                .filteredOn(line -> line.endsWith("sends float16"))
                .hasSize(1);
        assertThat(new ObjectMapper().readTree(report.toFile()).findValuesAsText("wire"))
                .containsExactly("exact", "float16", "exact");
        assertThat(plan("--cluster", cluster.toString(), "--planner", "even", "--set", "wire=bfloat16")
                        .output())
                .filteredOn(line -> line.endsWith("sends bfloat16"))
                .hasSize(2);
    }

    @Test
    void reportsThePlanAndAllPlanners() throws IOException {
        Path report = folder.resolve("report.json");
        assertThat(plan("--report", report.toString()).exitCode()).isZero();
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(json.fieldNames())
                .toIterable()
                .containsExactly(
                        "stages",
                        "bottleneckNanos",
                        "stepNanos",
                        "boundNanos",
                        "gap",
                        "planner",
                        "schedule",
                        "microBatches",
                        "notes",
                        "planners");
        assertThat(json.get("bottleneckNanos").longValue()).isEqualTo(18_000_000);
        assertThat(json.get("stepNanos").longValue())
                .isGreaterThanOrEqualTo(json.get("boundNanos").longValue());
        assertThat(json.get("stages")).hasSize(2);
        assertThat(json.get("stages").get(0).fieldNames())
                .toIterable()
                .containsExactly("worker", "firstUnit", "endUnit", "memoryBytes", "wire");
        assertThat(json.get("stages").get(1).get("endUnit").intValue()).isEqualTo(8);
        // Resident 2 MiB a unit, and 1 MiB for every micro-batch in flight, of which there is at least one.
        assertThat(json.get("stages").get(0).get("memoryBytes").longValue())
                .isGreaterThanOrEqualTo(
                        3 * MIB * json.get("stages").get(0).get("endUnit").intValue());
        assertThat(json.get("planners").findValuesAsText("name"))
                .containsExactly("even", "proportional", "paper", "exact");
    }

    @Test
    void theQuickPlannerIsComparedWithAllButTheExactOne() throws IOException {
        Path cluster = cluster("workers: [{name: a}, {name: b, slowdown: 1}]");
        CommandLineRun run = plan("--cluster", cluster.toString(), "--planner", "quick");
        assertThat(run.exitCode()).isZero();
        assertThat(run.output()).anyMatch(line -> line.startsWith("  quick "));
        assertThat(run.output()).anyMatch(line -> line.startsWith("  paper "));
        assertThat(run.output()).noneMatch(line -> line.startsWith("  exact "));
    }

    @Test
    void aModelThatFitsNowhereIsRefusedInOneLine() throws IOException {
        Path cluster = cluster("workers: [{name: tiny, memory: 3 MiB, count: 2}]");
        CommandLineRun run = plan("--cluster", cluster.toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors())
                .singleElement()
                .asString()
                .startsWith("sky: the 2 workers hold 6.0 MiB, the model needs ");
    }

    @Test
    void aPlannerWithoutAPlanSaysWhyBesideTheOthers() throws IOException {
        // Half of the units do not fit the small worker, the even planner knows nothing else.
        Path cluster = cluster("workers: [{name: large}, {name: small, memory: 4 MiB}]");
        CommandLineRun run = plan("--cluster", cluster.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.output())
                .anyMatch(line -> line.matches("  even +stage 1 needs .* MiB, worker small has 4.0 MiB.*"));
    }

    @Test
    void aProfileOfAnotherModelIsUsedWithAWarning() throws IOException {
        writeProfile(8, 4);
        Files.writeString(profile, Files.readString(profile).replaceAll("\"modelHash\" : \"", "$0other"));
        CommandLineRun run = plan();
        assertThat(run.exitCode()).isZero();
        assertThat(run.errors())
                .containsExactly("sky: warning: " + profile
                        + " was measured elsewhere or otherwise: another model configuration; 8 micro-batches, here 16;"
                        + " micro-batches of 4, here of 2 (./sky profile measures anew)");
    }

    @Test
    void measuresSavesAndPlansWithWhatWasSaved() throws IOException {
        Files.delete(profile);
        CommandLineRun run = CommandLineRun.of("profile", file.toString(), "--out", profile.toString());
        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
        JsonNode json = new ObjectMapper().readTree(profile.toFile());
        assertThat(json.get("rows").intValue()).isEqualTo(2);
        assertThat(json.get("units").findValuesAsText("name")).contains("embeddings");
        assertThat(json.get("fingerprint").get("machine").get("dl4jVersion").textValue())
                .isEqualTo("1.0.0-M2.1");

        CommandLineRun plan = plan();
        assertThat(plan.errors()).isEmpty();
        assertThat(plan.output()).anyMatch(line -> line.contains("embeddings"));
    }

    @Test
    void aProfileThatWasMeasuredIsReusedUntilItCannotBeRead() throws IOException {
        Path cache = folder.resolve("cache");
        String[] plan = {"plan", file.toString(), "--set", "profile.cache=" + cache};
        String[] measure = {"profile", file.toString(), "--set", "profile.cache=" + cache};
        assertThat(CommandLineRun.of(measure).output()).anyMatch(line -> line.startsWith("Profile measured in "));
        assertThat(CommandLineRun.of(plan).output()).anyMatch(line -> line.startsWith("Profile reused " + cache));
        try (Stream<Path> files = Files.list(cache)) {
            Files.writeString(files.findFirst().orElseThrow(), "{\"fingerprint\": 3");
        }
        assertThat(CommandLineRun.of(plan).output()).anyMatch(line -> line.startsWith("Profile measured in "));
        assertThat(CommandLineRun.of(plan).output()).anyMatch(line -> line.startsWith("Profile reused " + cache));
    }

    @Test
    void theLauncherLearnsTheThreadsWhateverTheOptions() {
        String[] share = {"threads", "--cluster", "c.yaml", "--simulate", file.toString(), "--report", "r.json"};
        int expected = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
        assertThat(CommandLineRun.of(share).output()).containsExactly(Integer.toString(expected));
    }

    @Test
    void ofManyNotesTheFirstAreShown() throws IOException {
        Path cluster = cluster("workers: [{name: quick}, {name: idle, slowdown: 1000, count: 12}]");
        assertThat(plan("--cluster", cluster.toString()).output())
                .filteredOn(line -> line.startsWith("  note: "))
                .hasSize(9)
                .last()
                .asString()
                .endsWith("more notes like these, all in --report");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "workers: []                     | workers: found none, expected a list such as",
                "workerz: [{name: a}]            | workerz: unknown key; did you mean workers?",
                "workers: [{nam: a}]             | workers[0].nam: unknown key; did you mean workers[0].name?",
                "workers: [{name: a}, {name: a}] | workers[1].name: found a again, expected different names",
                "workers: [{count: 0}]           | workers[0].count: found 0, expected a whole number, at least 1",
                "workers: [{count: 10001}]       | workers[0].count: found 10001, expected at most 10000",
                "'{workers: [{name: a}], x: 1}'  | x: unknown key;",
                "3                               | found 3, expected keys and values",
            })
    void aWrongClusterIsRefusedInOneLine(String text, String problem) throws IOException {
        CommandLineRun run = plan("--cluster", cluster(text).toString());
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.output()).isEmpty();
        assertThat(run.errors())
                .singleElement()
                .asString()
                .startsWith("sky: " + folder)
                .contains(problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "forwardNanos  | forwardNano | units[0].forwardNanos: found nothing, expected a whole number, at least 0",
                "\"rows\"      | \"row\"     | rows: found nothing, expected a whole number, at least 0",
                "1000000,      | -1,         | units[0].forwardNanos: found -1, expected a whole number, at least 0",
                "modelHash     | hash        | fingerprint.modelHash: found nothing, expected text",
                "\"units\" : [ | \"more\" : [ | units: found none, expected at least one",
                "\"rows\"      | \"x\":1,\"rows\" | x: unknown key;",
                "}             | ]           | not YAML",
            })
    void aWrongProfileIsRefusedInOneLine(String good, String wrong, String problem) throws IOException {
        Files.writeString(profile, Files.readString(profile).replace(good, wrong));
        CommandLineRun run = plan();
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors())
                .singleElement()
                .asString()
                .startsWith("sky: " + profile)
                .contains(problem);
    }

    @Test
    void aPlannerOrFileThatDoesNotExistIsRefused() {
        assertThat(plan("--planner", "best").errors())
                .containsExactly("sky: --planner: found \"best\", allowed are even, proportional, paper, exact, quick");
        assertThat(plan("--cluster", "nosuch.yaml").errors())
                .singleElement()
                .asString()
                .startsWith("sky: --cluster: there is no file nosuch.yaml");
        CommandLineRun run = CommandLineRun.of("plan", file.toString(), "--profile", "nosuch.json");
        assertThat(run.exitCode()).isEqualTo(2);
        assertThat(run.errors())
                .containsExactly("sky: --profile: there is no file nosuch.json: ./sky profile makes one");
    }

    private CommandLineRun plan(String... options) {
        List<String> arguments = new ArrayList<>(List.of("plan", file.toString(), "--profile", profile.toString()));
        arguments.addAll(List.of(options));
        return CommandLineRun.of(arguments.toArray(String[]::new));
    }

    private Path cluster(String text) throws IOException {
        return Files.writeString(folder.resolve("cluster.yaml"), text + "\n");
    }

    private void writeProfile(int microBatches, int rows) throws IOException {
        Files.writeString(profile, json(8, microBatches, rows));
    }

    private String json(int units, int microBatches, int rows) throws IOException {
        Path made = folder.resolve("made.json");
        TextTask task = TextTask.load(RunConfig.read(file, List.of()));
        ProfileStore.write(made, profile(task, microBatches, rows, units));
        return Files.readString(made);
    }

    static ModelProfile profile(TextTask task, int microBatches, int rows, int units) {
        return new ModelProfile(
                new TaskProfile(task).fingerprint(), microBatches, rows, units(units), 0, Host.ideal(2));
    }

    private static List<UnitProfile> units(int count) {
        return IntStream.range(0, count)
                .mapToObj(unit ->
                        new UnitProfile("u" + unit, "Dense", 1_000_000, 2_000_000, 0, MIB / 2, 3 * MIB / 2, MIB, 1000))
                .toList();
    }
}
