package io.github.skydl4j.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SkyBenchTest {
    @TempDir
    Path folder;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @Test
    void listsTheExperimentsWithoutAName() {
        assertThat(run()).isZero();

        assertThat(text(out)).contains("paper", "scale", "small", "links", "single", "planner", "channel", "block");
    }

    @Test
    void refusesAWrongNameWithOneLineThatNamesThoseAllowed() {
        assertThat(run("smal")).isEqualTo(2);

        assertThat(text(err).lines()).singleElement().asString().contains("found \"smal\"", "paper, scale, small");
    }

    @Test
    void refusesWrongOptionsBeforeAnythingRuns() {
        assertThat(run("small", "--repeats", "0")).isEqualTo(2);
        assertThat(run("small", "--repeats", "often")).isEqualTo(2);
        assertThat(run("small", "--report", folder.toString())).isEqualTo(2);
        assertThat(run("small", "--rapport", "x")).isEqualTo(2);

        assertThat(text(err).lines()).hasSize(4);
    }

    @Test
    void replacesTheLinesBetweenItsMarkersAndNoOthers() {
        List<String> page = List.of("a", "<!-- sky bench x -->", "old", "<!-- end of sky bench x -->", "b");

        assertThat(BenchmarksPage.replaced(page, "x", List.of("new", "lines")))
                .containsExactly("a", "<!-- sky bench x -->", "new", "lines", "<!-- end of sky bench x -->", "b");
        assertThat(BenchmarksPage.replaced(page, "y", List.of("new")))
                .startsWith("a", "<!-- sky bench x -->", "old")
                .endsWith("b", "", "<!-- sky bench y -->", "new", "<!-- end of sky bench y -->");
    }

    @Test
    void reportsRowsUnderTheirKeysAndAsATable() throws IOException {
        BenchReport report = report();
        Path file = folder.resolve("report.json");

        report.write(file);

        JsonNode rows = new ObjectMapper().readTree(file.toFile()).get("rows");
        assertThat(rows.get(1).get("name").asText()).isEqualTo("exact");
        assertThat(rows.get(1).get("samplesPerSecond").asDouble()).isEqualTo(32);
        assertThat(rows.get(1).get("stepMillis").asDouble()).isEqualTo(500);
        assertThat(rows.get(1).get("boundMillis").asDouble()).isEqualTo(400);
        assertThat(rows.get(1).get("reductionAgainstEven").asDouble()).isEqualTo(0.75);
        assertThat(rows.get(0).get("reductionAgainstEven").isNull()).isTrue();
        assertThat(MarkdownTable.lines(report, "plot.svg"))
                .contains("| exact | 32.0 | 500 | 400 | 1.250 | 75.0 % | 3 |")
                .anyMatch(line -> line.contains("./sky bench small --repeats 2") && line.contains("commit abc"));
    }

    @Test
    void drawsAPlotAsSvg() throws IOException {
        Path file = folder.resolve("plot.svg");

        PlotFile.write(report().findings().plot(), file);

        assertThat(Files.readString(file)).contains("<svg", "<path", "</svg>");
    }

    private static BenchReport report() {
        List<Row> rows = List.of(
                new Row("even", 8, 2000, 400),
                new Row("exact", 32, 500, 400).withReduction(0.75).with("stages", 3));
        Findings findings = new Findings(rows, List.of(), Plot.ofSteps("small", rows));
        return new BenchReport("small", 2, new Machine("cpu", 2, "17", "Haswell", "abc", "2026-01-01"), 9, findings);
    }

    private int run(String... arguments) {
        return SkyBench.run(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                folder,
                arguments);
    }

    private static String text(ByteArrayOutputStream stream) {
        return stream.toString(StandardCharsets.UTF_8);
    }
}
