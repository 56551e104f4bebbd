package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.Link;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.dataset.MultiDataSet;

/** Whether workers are worth it at all: the model of {@code small} in one DL4J graph, beside workers of several kinds. */
final class SingleExperiment implements Experiment {
    private static final int BATCH = 16;
    private static final int MICRO_BATCHES = 8;
    private static final Duration MEASURING = Duration.ofSeconds(4);
    private static final Link TEN_MEGABITS = new Link(10e6 / 8, 1_000_000);

    @Override
    public Brief brief() {
        return new Brief(
                "single",
                "the model of small in one DL4J graph, and what workers gain over it or do not",
                Duration.ofSeconds(100),
                Duration.ofMinutes(3),
                3);
    }

    @Override
    public Findings run(Console console, int repeats) {
        BertTask task = BertTask.small(12);
        Laboratory laboratory = new Laboratory(task);
        Effort effort = new Effort(Duration.ofSeconds(2), MEASURING, 3);
        Row graph = graph(task, console, repeats);
        List<Row> rows = new ArrayList<>(List.of(graph));
        for (Row row : new Comparison(effort, repeats, console).run(settings(), setting -> laboratory)) {
            rows.add(row.with("timesOneGraph", row.samplesPerSecond() / graph.samplesPerSecond()));
        }
        return new Findings(
                rows,
                List.of(
                        "One thread for the DL4J graph and for each worker, batch 16, "
                                + MICRO_BATCHES
                                + " micro-batches where there are workers. The bound of the DL4J graph is the"
                                + " processor time it takes itself.",
                        "The exact planner gives all units to the fastest worker where the others could only delay it."),
                Plot.ofSteps("One graph, or workers", rows));
    }

    private static List<Setting> settings() {
        List<Setting> settings = new ArrayList<>();
        settings.add(setting("one worker", Workers.withSlowdowns(0)));
        settings.add(setting("two equal workers", Workers.withSlowdowns(0, 0)));
        settings.add(setting("slowdowns 0, 1, 3, 5", Workers.withSlowdowns(0, 1, 3, 5)));
        settings.add(setting("slowdowns 0, 15", Workers.withSlowdowns(0, 15)));
        settings.add(setting(
                "slowdowns 0, 1, 3, 5 at 10 Mbit/s", Workers.behind(TEN_MEGABITS, Workers.withSlowdowns(0, 1, 3, 5))));
        return settings;
    }

    private static Setting setting(String group, List<Worker> workers) {
        return Setting.of(group, workers, new ExactPlanner(), BATCH, MICRO_BATCHES);
    }

    private static Row graph(BertTask task, Console console, int repeats) {
        ComputationGraph network = task.network();
        MultiDataSet batch = task.batch(BATCH);
        double[] steps = new double[repeats];
        double[] bounds = new double[repeats];
        for (int repeat = 0; repeat < repeats; repeat++) {
            fit(network, batch, Duration.ofSeconds(2));
            long cpu = cpuNanos();
            long start = System.nanoTime();
            int done = fit(network, batch, MEASURING);
            steps[repeat] = (System.nanoTime() - start) / 1e6 / done;
            bounds[repeat] = (cpuNanos() - cpu) / 1e6 / done;
            console.line("run %d of %d: one DL4J graph: step %.0f ms".formatted(repeat + 1, repeats, steps[repeat]));
        }
        double step = Measurement.median(steps);
        return new Row("one DL4J graph", BATCH / step * 1e3, step, Measurement.median(bounds))
                .with("timesOneGraph", 1.0)
                .with("spread", Measurement.spread(steps));
    }

    /** Steps that began within the time. */
    private static int fit(ComputationGraph network, MultiDataSet batch, Duration time) {
        int done = 0;
        for (long end = System.nanoTime() + time.toNanos(); System.nanoTime() < end; done++) {
            network.fit(batch);
        }
        return done;
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
