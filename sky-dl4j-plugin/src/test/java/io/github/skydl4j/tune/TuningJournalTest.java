package io.github.skydl4j.tune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.PlanRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TuningJournalTest {
    private static final PlanRequest REQUEST = SmallSearch.request(12, 1, 2, 4);

    @TempDir
    private Path folder;

    private Path file;
    private final List<TrialPlan> runs = new ArrayList<>();

    @BeforeEach
    void nameFile() {
        file = folder.resolve("tuned.yaml.journal");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 12, 21})
    void goesOnAfterAKillWithoutRepeatingWhatHasRun(int linesLeft) throws IOException {
        TuningResult whole = tune();
        List<TrialPlan> all = List.copyOf(runs);
        List<String> lines = Files.readAllLines(file);
        String torn = lines.get(linesLeft).substring(0, lines.get(linesLeft).length() / 2);
        Files.writeString(file, String.join("\n", lines.subList(0, linesLeft)) + "\n" + torn);
        long finished = lines.subList(0, linesLeft).stream()
                .filter(line -> line.contains("measured"))
                .count();

        runs.clear();
        TuningResult resumed = tune();
        assertThat(runs).isEqualTo(all.subList((int) finished, all.size()));
        assertThat(resumed.best()).isEqualTo(whole.best());
        assertThat(resumed.ranking()).isEqualTo(whole.ranking());
        assertThat(resumed.recalled()).isEqualTo((int) finished);
    }

    @Test
    void repeatsNothingOnceAllIsDone() throws IOException {
        TuningResult first = tune();
        runs.clear();
        assertThat(tune().best()).isEqualTo(first.best());
        assertThat(runs).isEmpty();
    }

    @Test
    void knowsCandidatesByTheirWireTypeToo() throws IOException {
        TrialPlan given = TrialPlan.of(new ExactPlanner().plan(REQUEST), REQUEST.schedule(), false);
        TrialPlan narrow = given.withWire(WireChoice.FLOAT16, REQUEST.cluster());
        assertThat(narrow).isNotEqualTo(given);
        try (TuningJournal journal = TuningJournal.open(file, "task")) {
            journal.ended(narrow, new TuningJournal.Outcome.Failed("too coarse"));
        }
        try (TuningJournal journal = TuningJournal.open(file, "task")) {
            assertThat(journal.recall(given)).isEmpty();
            assertThat(journal.recall(narrow)).contains(new TuningJournal.Outcome.Failed("too coarse"));
        }
    }

    @Test
    void remembersFailuresAndTheirCause() throws IOException {
        TrialPlan plan = TrialPlan.of(new ExactPlanner().plan(REQUEST), REQUEST.schedule(), false);
        try (TuningJournal journal = TuningJournal.open(file, "task")) {
            journal.started(plan);
            journal.ended(plan, new TuningJournal.Outcome.Failed("out of memory"));
        }
        try (TuningJournal journal = TuningJournal.open(file, "task")) {
            assertThat(journal.recall(plan)).contains(new TuningJournal.Outcome.Failed("out of memory"));
        }
    }

    @Test
    void givesUpACandidateThatEndsTheProcessTwice() throws IOException {
        TrialPlan plan = TrialPlan.of(new ExactPlanner().plan(REQUEST), REQUEST.schedule(), false);
        for (int start = 0; start < 2; start++) {
            try (TuningJournal journal = TuningJournal.open(file, "task")) {
                assertThat(journal.recall(plan)).isEmpty();
                journal.started(plan);
            }
        }
        try (TuningJournal journal = TuningJournal.open(file, "task")) {
            assertThat(journal.recall(plan))
                    .contains(new TuningJournal.Outcome.Failed("the process ended during this run, 2 times"));
        }
    }

    @Test
    void refusesTheJournalOfAnotherSearch() throws IOException {
        TuningJournal.open(file, "genetic 1").close();
        assertThatThrownBy(() -> TuningJournal.open(file, "genetic 2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(file + " is the journal of a search with another configuration")
                .hasMessageNotContaining("\n");
        assertThat(Files.readAllLines(file)).hasSize(1);
    }

    @Test
    void refusesAFileThatIsNoJournalAndLeavesItAsItIs() throws IOException {
        Files.writeString(file, "model:\n  hidden: 128\nlast line");
        assertThatThrownBy(() -> TuningJournal.open(file, "task")).isInstanceOf(IllegalArgumentException.class);
        assertThat(Files.readString(file)).isEqualTo("model:\n  hidden: 128\nlast line");
    }

    @Test
    void beginsAnewWhereNotEvenTheFirstLineIsWhole() throws IOException {
        Files.writeString(file, "{\"skyTun", StandardOpenOption.CREATE);
        TuningJournal.open(file, "task").close();
        assertThat(Files.readAllLines(file)).containsExactly("{\"skyTuning\":1,\"task\":\"task\"}");
    }

    private TuningResult tune() throws IOException {
        SimulatedWorkers workers = new SimulatedWorkers(SmallSearch.honest(REQUEST), 0, 1);
        try (TuningJournal journal = TuningJournal.open(file, "task")) {
            return SmallSearch.tuner(REQUEST, (plan, order, limit) -> {
                        runs.add(plan);
                        return workers.run(plan, order, limit);
                    })
                    .journal(journal)
                    .build()
                    .run();
        }
    }
}
