package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.ExactPlanner;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The experiment of the paper with fewer workers and, in proportion, fewer blocks. */
final class ScaleExperiment implements Experiment {
    private static final List<Integer> WORKERS = List.of(4, 8, 16, 32, 64);
    private static final long SEED = 22;
    private static final int MICRO_BATCHES = 8;
    /** Sentences in a micro-batch. */
    private static final int SENTENCES = 16;
    /** The same for all, so that delays of the host weigh the same; enough for 64 workers. */
    private static final double DILATION = 5;

    @Override
    public Brief brief() {
        return new Brief(
                "scale",
                "4 to 64 workers with slowdowns 1 to 6, blocks in proportion",
                Duration.ofMinutes(7),
                Duration.ofMinutes(20),
                3);
    }

    @Override
    public Findings run(Console console, int repeats) {
        Map<String, Laboratory> laboratories = new HashMap<>();
        List<Setting> settings = new ArrayList<>();
        for (int count : WORKERS) {
            int blocks = count * 5 / 2;
            List<Worker> workers = Workers.seeded(count, SEED);
            String group = "%d workers, %d blocks".formatted(count, blocks);
            laboratories.put(group, new Laboratory(PaperExperiment.task(blocks)));
            settings.add(Setting.of(group, workers, new ExactPlanner(), SENTENCES * MICRO_BATCHES, MICRO_BATCHES)
                    .dilated(DILATION));
        }
        Effort effort = new Effort(Duration.ZERO, Duration.ofSeconds(2), 3);
        List<Row> rows = withOverheadOfFirst(
                new Comparison(effort, repeats, console).run(settings, setting -> laboratories.get(setting.group())));
        return new Findings(
                rows,
                List.of(
                        "Hidden 64, 2 heads, 32 tokens, " + MICRO_BATCHES + " micro-batches of " + SENTENCES
                                + " sentences; SGD.",
                        "Overhead to first: step / bound of the row over that of the first row."),
                Plot.ofSteps("Workers and blocks in proportion", rows));
    }

    private static List<Row> withOverheadOfFirst(List<Row> rows) {
        double first = rows.get(0).overBound();
        return rows.stream()
                .map(row -> row.with("overheadToFirst", row.overBound() / first))
                .toList();
    }
}
