package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.skydl4j.system.Launcher.Outcome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A search over the quickstart's workers that is killed, goes on, and whose result is trained with. */
class TuneTest {
    private static final int CANDIDATES = 6;
    /** The best three, and the plan, run again at the end, twice. */
    private static final int RUNS_OF_ONE = 3;

    @TempDir
    private Path temp;

    @Test
    void goesOnAfterAKillWithoutRunningAgainWhatHasRun() throws Exception {
        Path tuned = temp.resolve("tuned.yaml");
        Path journal = temp.resolve("tuned.yaml.journal");
        String[] tune = {
            "tune",
            Launcher.REPOSITORY.resolve("config-templates/quickstart.yaml").toString(),
            "--budget",
            "5m",
            "--candidates",
            String.valueOf(CANDIDATES),
            "--out",
            tuned.toString(),
            "--set",
            "profiling=200 ms",
            "--set",
            "model.hidden=32",
            "--set",
            "emulation.dilation=1"
        };
        try (SkyProcess killed = new SkyProcess(temp, tune)) {
            killed.awaitLines(4, " ms   ");
            killed.signal("KILL");
            assertThat(killed.awaitEnd()).isNotZero();
        }
        assertThat(tuned).doesNotExist();
        List<String> before = Files.readAllLines(journal);
        Map<String, Integer> finished = ended(before);
        assertThat(finished).hasSizeBetween(3, CANDIDATES - 1);

        Outcome resumed = Launcher.ofRepository().in(temp).run(tune);
        assertThat(resumed.errors()).isEmpty();
        assertThat(resumed.exitCode()).isZero();
        assertThat(resumed.output())
                .anyMatch(line -> line.contains(", " + finished.size() + " runs were in the journal;"));
        List<String> all = Files.readAllLines(journal);
        assertThat(all.subList(0, before.size())).isEqualTo(before);
        assertThat(ended(all)).hasSize(CANDIDATES);
        assertThat(ended(all).values()).allMatch(runs -> runs <= RUNS_OF_ONE);
        // First what has not run yet, then the best once more.
        assertThat(values(all.subList(before.size(), all.size()), "started").subList(0, CANDIDATES - finished.size()))
                .doesNotHaveDuplicates()
                .doesNotContainAnyElementsOf(finished.keySet());

        Outcome trained = Launcher.ofRepository()
                .in(temp)
                .run("train", tuned.toString(), "--set", "training.epochs=1", "--set", "data.maxExamples=256");
        assertThat(trained.errors()).isEmpty();
        assertThat(trained.exitCode()).isZero();
        assertThat(trained.output()).anyMatch(line -> line.matches("Plan .* planner fixed.*"));
    }

    /** Candidates whose runs have ended, and how many each. */
    private static Map<String, Integer> ended(List<String> journal) throws IOException {
        Map<String, Integer> runs = new TreeMap<>();
        for (String candidate : values(journal, "plan")) {
            runs.merge(candidate, 1, Integer::sum);
        }
        return runs;
    }

    private static List<String> values(List<String> journal, String key) throws IOException {
        List<String> values = new ArrayList<>();
        for (String line : journal) {
            String value = new ObjectMapper().readTree(line).path(key).toString();
            if (!value.isEmpty()) {
                values.add(value);
            }
        }
        return values;
    }
}
