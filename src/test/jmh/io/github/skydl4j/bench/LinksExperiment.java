package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.EvenPlanner;
import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.plan.WireType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The clusters of {@code small} and of {@code scale} behind slow links, numbers as they are and in 16 bits. */
final class LinksExperiment implements Experiment {
    private static final long LATENCY_NANOS = 200_000;
    private static final long SEED = 22;

    @Override
    public Brief brief() {
        return new Brief(
                "links",
                "4 and 16 workers behind links of 1 Gbit/s and 100 Mbit/s, boundaries of 32 and of 16 bits",
                Duration.ofSeconds(150),
                Duration.ofMinutes(4),
                3);
    }

    @Override
    public Findings run(Console console, int repeats) {
        Laboratory small = new Laboratory(BertTask.small(12));
        Laboratory deep = new Laboratory(PaperExperiment.task(40));
        Map<Setting, Laboratory> laboratories = new LinkedHashMap<>();
        links().forEach((name, link) -> {
            List<Worker> four = Workers.behind(link, Workers.withSlowdowns(0, 1, 3, 5));
            settings("4 workers, " + name, four, 16, 8, 1).forEach(setting -> laboratories.put(setting, small));
            List<Worker> sixteen = Workers.behind(link, Workers.seeded(16, SEED));
            settings("16 workers, " + name, sixteen, 64, 16, PaperExperiment.LEAST_DILATION)
                    .forEach(setting -> laboratories.put(setting, deep));
        });
        Effort effort = new Effort(Duration.ofMillis(500), Duration.ofMillis(1500), 1);
        List<Row> rows =
                new Comparison(effort, repeats, console).run(List.copyOf(laboratories.keySet()), laboratories::get);
        return new Findings(
                rows,
                List.of(
                        "4 workers: as in small. 16 workers: as in scale. Links take 0.2 ms and the time for their bytes;"
                                + " in 16 bits they carry half the bytes, and the numbers are rounded.",
                        "The exact planner knows the links and the bytes; the even split does not look at them."),
                Plot.ofSteps("Behind slow links", rows));
    }

    private static Map<String, Link> links() {
        Map<String, Link> links = new LinkedHashMap<>();
        links.put("1 Gbit/s", new Link(1e9 / 8, LATENCY_NANOS));
        links.put("100 Mbit/s", new Link(100e6 / 8, LATENCY_NANOS));
        return links;
    }

    private static List<Setting> settings(
            String group, List<Worker> workers, int batch, int microBatches, double leastDilation) {
        List<Setting> settings = new ArrayList<>();
        settings.add(Setting.of(group, workers, new EvenPlanner(), batch, microBatches)
                .dilated(leastDilation));
        Setting exact = Setting.of(group, workers, new ExactPlanner(), batch, microBatches)
                .dilated(leastDilation);
        for (WireType wire : WireType.values()) {
            settings.add(exact.over(wire));
        }
        return settings;
    }
}
