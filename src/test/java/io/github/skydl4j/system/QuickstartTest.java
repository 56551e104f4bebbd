package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.skydl4j.system.Launcher.Outcome;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart, cut short: some hundred sentences, one epoch. */
class QuickstartTest {
    private static final int UNITS_OF_FOUR_BLOCKS = 15;

    @TempDir
    private Path temp;

    @Test
    void showsProgressAndWritesEveryKeyOfTheReport() throws Exception {
        Path report = temp.resolve("report.json");
        Outcome outcome = Launcher.ofRepository()
                .in(temp)
                .run(
                        "train",
                        Launcher.REPOSITORY
                                .resolve("config-templates/quickstart.yaml")
                                .toString(),
                        "--set",
                        "training.epochs=1",
                        "--set",
                        "data.maxExamples=768",
                        "--set",
                        "profiling=200 ms",
                        "--report",
                        "report.json");

        assertThat(outcome.errors()).isEmpty();
        assertThat(outcome.exitCode()).isZero();
        assertThat(outcome.output())
                .anyMatch(line -> line.matches("Plan {4}[2-4] stages on 4 workers, planner exact.*"));
        assertThat(outcome.output()).anyMatch(line -> line.startsWith("  epoch 1/1   mean loss "));
        assertThat(outcome.output()).anyMatch(line -> line.startsWith("Result  accuracy "));
        JsonNode json = new ObjectMapper().readTree(report.toFile());
        assertThat(keys(json))
                .contains(
                        "stages",
                        "stepMillis",
                        "predictedStepMillis",
                        "boundMillis",
                        "samplesPerSecond",
                        "epochs",
                        "accuracy",
                        "planner",
                        "schedule",
                        "microBatches");
        assertThat(json.get("accuracy").doubleValue()).isBetween(0.0, 1.0);
        assertThat(json.get("stepMillis").doubleValue()).isPositive();
        assertThat(json.get("boundMillis").doubleValue()).isPositive();
        assertThat(json.get("planner").textValue()).isEqualTo("exact");
        assertThat(json.get("epochs"))
                .singleElement()
                .satisfies(epoch -> assertThat(keys(epoch)).containsExactly("loss", "seconds"));
        assertStagesCoverAllUnits(json.get("stages"));
    }

    private static void assertStagesCoverAllUnits(JsonNode stages) {
        int covered = 0;
        for (JsonNode stage : stages) {
            assertThat(keys(stage)).contains("worker", "firstUnit", "endUnit", "busy");
            assertThat(stage.get("firstUnit").intValue()).isEqualTo(covered);
            covered = stage.get("endUnit").intValue();
        }
        assertThat(covered).isEqualTo(UNITS_OF_FOUR_BLOCKS);
        assertThat(stages.findValuesAsText("worker")).doesNotHaveDuplicates();
    }

    private static List<String> keys(JsonNode json) {
        List<String> keys = new ArrayList<>();
        json.fieldNames().forEachRemaining(keys::add);
        return keys;
    }
}
