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

/**
 * The experiment of the paper: a BERT of 160 blocks, which are 483 units, on 64 workers. Trained one micro-batch at a time,
 * as the paper does, and as a pipeline.
 */
final class PaperExperiment implements Experiment {
    private static final int WORKERS = 64;
    private static final int BLOCKS = 160;
    private static final long SEED = 22;
    /** Sentences in a micro-batch. */
    private static final int SENTENCES = 2;

    private static final List<Integer> MICRO_BATCHES = List.of(1, 2, 16, 64);
    private static final double TIGHT = 1.3;

    @Override
    public String name() {
        return "paper";
    }

    @Override
    public String purpose() {
        return "160 blocks on 64 workers with slowdowns 1 to 6, sequential and pipelined, all planners";
    }

    @Override
    public Duration expected() {
        return Duration.ofMinutes(8);
    }

    @Override
    public Duration limit() {
        return Duration.ofMinutes(10);
    }

    @Override
    public Findings run(Console console) {
        Laboratory laboratory = new Laboratory(BertTask.of(BLOCKS, 64, 2, 16));
        List<Worker> workers = Workers.seeded(WORKERS, SEED);
        List<Setting> settings = new ArrayList<>();
        for (int microBatches : MICRO_BATCHES) {
            settings.addAll(settings(microBatches, "memory ample", workers));
            settings.addAll(settings(microBatches, "memory tight", tight(laboratory, workers, microBatches)));
        }
        Effort effort = new Effort(Duration.ZERO, Duration.ofMillis(500), 1);
        List<Row> rows =
                new Comparison(effort, Integer.getInteger("runs", 1), console).run(settings, setting -> laboratory);
        return new Findings(rows, List.of(), Plot.ofSteps("160 blocks on 64 workers", rows));
    }

    private static List<Setting> settings(int microBatches, String memory, List<Worker> workers) {
        String execution = microBatches == 1 ? "sequential" : "pipelined x" + microBatches;
        List<Setting> settings = new ArrayList<>();
        for (Planner planner : Planners.all()) {
            settings.add(new Setting(
                    execution + ", " + memory,
                    workers,
                    planner,
                    SENTENCES * microBatches,
                    microBatches,
                    Workers.dilation(workers, microBatches)));
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
