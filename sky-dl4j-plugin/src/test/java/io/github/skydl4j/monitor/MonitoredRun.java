package io.github.skydl4j.monitor;

import io.github.skydl4j.SkyTrainer;
import io.github.skydl4j.TrainingReport;
import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.testing.SmallGraphs;
import java.time.Duration;
import java.util.List;
import org.deeplearning4j.optimize.api.TrainingListener;

/** A small training run on emulated workers, watched. */
public final class MonitoredRun {
    public static final int STAGES = 4;
    public static final int MICRO_BATCHES = 6;
    public static final int STEPS = 10;

    private static final int ROWS = 48;

    private MonitoredRun() {}

    /** Trains; the monitor stays open. */
    public static TrainingReport train(Monitor monitor, TrainingListener... listeners) {
        Link link = new Link(20e6, 200_000);
        List<Worker> workers = List.of(
                Worker.named("fast").withLink(link),
                Worker.named("good").withSlowdown(1).withLink(link),
                Worker.named("slow").withSlowdown(3).withLink(link),
                Worker.named("slowest").withSlowdown(5).withLink(link));
        try (SkyTrainer trainer = SkyTrainer.builder(SmallGraphs.chain(7))
                .workers(workers)
                .planner(new EvenPlanner())
                .microBatches(MICRO_BATCHES)
                .profiling(Duration.ofMillis(20))
                .monitor(monitor)
                .listeners(listeners)
                .build()) {
            trainer.fit(SmallGraphs.data(ROWS * STEPS, ROWS, 1));
            return trainer.report();
        }
    }
}
