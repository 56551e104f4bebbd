package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The quickstart's search, killed and started again. */
class TuneTest {
    @TempDir
    private Path folder;

    @Test
    void goesOnAfterAKillWithoutRunningFinishedCandidatesAgain() throws Exception {
        Path journal = folder.resolve("tuned.yaml.journal");
        List<String> finished;
        try (SkyProcess search = tune()) {
            search.awaitLines(1, "      2   ");
            search.signal("KILL");
            assertThat(search.awaitEnd()).isNotZero();
            finished = lines(journal, "plan");
            assertThat(finished).hasSizeGreaterThanOrEqualTo(2);
            assertThat(folder.resolve("tuned.yaml")).doesNotExist();
        }
        int before = Files.readAllLines(journal).size();
        try (SkyProcess search = tune()) {
            assertThat(search.awaitEnd()).as(search.lines().toString()).isZero();
            assertThat(search.lines()).anyMatch(line -> line.contains(" runs were in the journal"));
        }
        assertThat(lines(journal, "plan")).startsWith(finished.toArray(new String[0]));
        List<String> startedBefore = new ArrayList<>();
        for (String line : Files.readAllLines(journal).subList(0, before)) {
            JsonNode json = new ObjectMapper().readTree(line);
            if (json.has("plan")) {
                startedBefore.add(json.get("plan").toString());
            }
        }
        // A finished candidate may run again in the end, turn by turn with the others, at most so often.
        for (String plan : startedBefore) {
            assertThat(lines(journal, "started").stream().filter(line -> line.contains(plan)))
                    .hasSizeLessThanOrEqualTo(3);
        }
        assertThat(folder.resolve("tuned.yaml")).content().contains("allocation:");
    }

    private SkyProcess tune() throws IOException {
        return new SkyProcess(
                folder,
                "tune",
                Launcher.REPOSITORY.resolve("config-templates/quickstart.yaml").toString(),
                "--set",
                "profiling=200 ms",
                "--set",
                "model.blocks=1",
                "--budget",
                "10m",
                "--candidates",
                "4",
                "--out",
                folder.resolve("tuned.yaml").toString());
    }

    private static List<String> lines(Path journal, String kind) throws IOException {
        return Files.readAllLines(journal).stream()
                .filter(line -> line.startsWith("{\"" + kind + "\""))
                .toList();
    }
}
