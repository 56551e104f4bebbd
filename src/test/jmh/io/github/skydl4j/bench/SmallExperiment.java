package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** The BERT that Sky Computing was measured with on two cores, on four workers; in real time, without dilation. */
final class SmallExperiment implements Experiment {
    private static final int BATCH = 16;
    private static final int MICRO_BATCHES = 8;
    private static final int BLOCKS = 12;

    @Override
    public Brief brief() {
        return new Brief(
                "small",
                "12 blocks of hidden size 256 on four workers with slowdowns 0, 1, 3, 5, and on four equal ones",
                Duration.ofMinutes(2),
                Duration.ofMinutes(3),
                3);
    }

    @Override
    public Findings run(Console console, int repeats) {
        Laboratory laboratory = new Laboratory(BertTask.small(BLOCKS));
        List<Setting> settings = new ArrayList<>();
        settings.addAll(settings("slowdowns 0, 1, 3, 5", Workers.withSlowdowns(0, 1, 3, 5)));
        settings.addAll(settings("four equal", Workers.withSlowdowns(0, 0, 0, 0)));
        Effort effort = new Effort(Duration.ofSeconds(2), Duration.ofSeconds(3), 3);
        List<Row> rows = new Comparison(effort, repeats, console).run(settings, setting -> laboratory);
        return new Findings(rows, notes(), Plot.ofSteps("A small BERT on four workers and two cores", rows));
    }

    private static List<Setting> settings(String group, List<Worker> workers) {
        List<Setting> settings = new ArrayList<>();
        for (Planner planner : Planners.all()) {
            settings.add(Setting.of(group, workers, planner, BATCH, MICRO_BATCHES));
        }
        return settings;
    }

    private static List<String> notes() {
        return List.of(
                "Hidden 256, 4 heads, intermediate 1024, 12 blocks, 64 tokens, vocabulary 1000, SGD, batch 16 in "
                        + MICRO_BATCHES + " micro-batches, one thread a worker, no dilation.",
                "Sky Computing on PyTorch 1.13 with OpenBLAS, on a machine of this kind: 3.9 to 4.0 samples/s with its even"
                        + " split, 4.1 to 4.5 with its heuristic, 5.2 to 6.4 with its MIP; four equal workers 10.3 to 11.3;"
                        + " plain PyTorch in one process 20.2 on one thread, 35.5 on two.",
                "Four equal workers would need four cores; their bound is what two cores can compute.");
    }
}
