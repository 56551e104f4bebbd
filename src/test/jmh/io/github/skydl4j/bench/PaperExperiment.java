package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.plan.PlanRequest;
import io.github.skydl4j.plan.Planner;
import io.github.skydl4j.plan.Planners;
import io.github.skydl4j.plan.StageMemory;
import io.github.skydl4j.schedule.ScheduleKind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The experiment of the paper: a BERT of 160 blocks, which are 483 units, on 64 workers. Trained one micro-batch at a time,
 * as the paper does, and as a pipeline.
 */
final class PaperExperiment implements Experiment {
    private static final int WORKERS = 64;
    private static final int BLOCKS = 160;
    private static final long SEED = 22;
    /** Sentences in a micro-batch. */
    private static final int SENTENCES = 8;

    private static final List<Integer> MICRO_BATCHES = List.of(1, 2, 16);
    private static final double TIGHT = 1.3;
    /** A thread that wakes up costs some 0.1 ms of the host, a real worker nothing of the kind. */
    static final double LEAST_DILATION = 3;
    /** Once, for the code: a JVM that has just started makes the first settings slow and the later ones fast. */
    private static final Duration WARM_UP = Duration.ofSeconds(12);

    @Override
    public Brief brief() {
        return new Brief(
                "paper",
                "160 blocks on 64 workers with slowdowns 1 to 6, sequential and pipelined, all planners",
                Duration.ofMinutes(12),
                Duration.ofMinutes(25),
                3);
    }

    @Override
    public Findings run(Console console, int repeats) {
        Laboratory laboratory = new Laboratory(task(BLOCKS));
        List<Worker> workers = Workers.seeded(WORKERS, SEED);
        List<Setting> settings = new ArrayList<>();
        for (int microBatches : MICRO_BATCHES) {
            settings.addAll(settings(microBatches, "memory ample", workers));
            settings.addAll(settings(microBatches, "memory tight", tight(laboratory, workers, microBatches)));
        }
        Effort effort = new Effort(Duration.ZERO, Duration.ofMillis(500), 2);
        laboratory.measure(settings.get(0), effort.after(WARM_UP));
        List<Row> rows = new Comparison(effort, repeats, console).run(settings, setting -> laboratory);
        return new Findings(withPapersBaseline(rows), notes(workers), Plot.ofSamples("160 blocks on 64 workers", rows));
    }

    /** Beside what each row says of its own execution: the even split trained sequentially, which the paper compares with. */
    private static List<Row> withPapersBaseline(List<Row> rows) {
        Row sequentialEven = rows.get(0);
        return rows.stream()
                .map(row -> row.with(
                        "lessTimeThanSequentialEven", 1 - sequentialEven.samplesPerSecond() / row.samplesPerSecond()))
                .toList();
    }

    private static List<String> notes(List<Worker> workers) {
        Map<Double, Long> slowdowns =
                workers.stream().collect(Collectors.groupingBy(Worker::slowdown, TreeMap::new, Collectors.counting()));
        return List.of(
                "Hidden 64, 2 heads, 32 tokens, vocabulary 1000, SGD, " + SENTENCES
                        + " sentences a micro-batch. Workers by slowdown (seed " + SEED + "): " + slowdowns + ".",
                "Times are those of the emulated workers: the dilation is taken out, by which all of them are stretched to fit "
                        + Workers.CORES + " cores of the host, and so that its delays weigh little.",
                "Memory tight: each worker has " + TIGHT + " times what the even split needs on it.",
                "Less time than even: against the even split in the same execution and memory; most that any plan could save:"
                        + " the same for the bound.");
    }

    /** Narrow and short, for hundreds of units on two cores. */
    static BertTask task(int blocks) {
        return BertTask.of(blocks, 64, 2, 32);
    }

    private static List<Setting> settings(int microBatches, String memory, List<Worker> workers) {
        String execution = microBatches == 1 ? "sequential" : "pipelined x" + microBatches;
        List<Setting> settings = new ArrayList<>();
        for (Planner planner : Planners.all()) {
            settings.add(Setting.of(execution + ", " + memory, workers, planner, SENTENCES * microBatches, microBatches)
                    .dilated(LEAST_DILATION));
        }
        return settings;
    }

    /** The workers with little more memory than the even split needs on each of them, so that all planners have a plan. */
    private static List<Worker> tight(Laboratory laboratory, List<Worker> workers, int microBatches) {
        PlanRequest request = new PlanRequest(
                laboratory.units(SENTENCES * microBatches, microBatches),
                Worker.cluster(workers, 1),
                microBatches,
                ScheduleKind.ONE_F_ONE_B);
        Allocation even = new EvenPlanner().plan(request);
        List<Long> needed = StageMemory.bytes(request, even);
        List<Worker> tight = new ArrayList<>();
        for (int w = 0; w < workers.size(); w++) {
            tight.add(workers.get(w).withMemory((long) (TIGHT * needed.get(w))));
        }
        return tight;
    }
}
