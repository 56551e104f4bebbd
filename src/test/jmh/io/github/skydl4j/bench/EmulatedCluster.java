package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.schedule.ScheduleKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * An emulated cluster and the model for it, drawn from a seed.
 *
 * @param examples in a micro-batch
 * @param time tokens in an example
 */
record EmulatedCluster(
        int number,
        List<Worker> workers,
        ScheduleKind schedule,
        int microBatches,
        double dilation,
        int hidden,
        int blocks,
        int examples,
        int time) {
    private static final int[] MICRO_BATCHES = {4, 6, 8, 12, 16};
    private static final List<ScheduleKind> SCHEDULES = List.of(ScheduleKind.values());
    /** The share of the host's cores that the workers may keep busy together. */
    private static final double DEMAND = 0.6;

    /** What the models are drawn from. */
    record Models(List<Integer> hidden, int fewestBlocks, int fewestExamples, List<Integer> time) {
        static final Models SMALLER = new Models(List.of(64, 96, 128, 192), 2, 2, List.of(16, 32));
        static final Models LARGER = new Models(List.of(96, 128, 192, 256), 3, 4, List.of(32));
    }

    static EmulatedCluster draw(int number, int cores, Models models) {
        Random random = new Random(1000L + number);
        int count = 2 + random.nextInt(5);
        List<Worker> workers = new ArrayList<>();
        double demand = 0;
        int links = random.nextInt(3);
        for (int w = 0; w < count; w++) {
            double slowdown = w == 0 ? 0 : Math.round(random.nextDouble() * 60) / 10.0;
            demand += 1 / (1 + slowdown);
            workers.add(Worker.named("w" + w).withSlowdown(slowdown).withLink(link(links, random)));
        }
        return new EmulatedCluster(
                number,
                workers,
                SCHEDULES.get(random.nextInt(SCHEDULES.size())),
                MICRO_BATCHES[random.nextInt(MICRO_BATCHES.length)],
                Math.max(1, demand / (DEMAND * cores)),
                models.hidden.get(random.nextInt(models.hidden.size())),
                models.fewestBlocks + random.nextInt(4),
                models.fewestExamples + random.nextInt(5),
                models.time.get(random.nextInt(models.time.size())));
    }

    String text() {
        StringBuilder text = new StringBuilder();
        for (Worker worker : workers) {
            text.append(text.isEmpty() ? "" : " ").append(worker.slowdown());
        }
        return text.toString();
    }

    String linkText() {
        return workers.stream()
                .map(Worker::link)
                .reduce(Link::slowerOf)
                .filter(link -> !link.equals(Link.INSTANT))
                .map(link ->
                        String.format("%.0f MB/s, %.1f ms", link.bytesPerSecond() / 1e6, link.latencyNanos() / 1e6))
                .orElse("none");
    }

    /** None; fast ones; slow ones. */
    private static Link link(int kind, Random random) {
        double megabytes = kind == 1 ? 100 + random.nextInt(900) : 20 + random.nextInt(180);
        long latency = (long) ((kind == 1 ? 0.5 : 3) * 1e6 * random.nextDouble());
        return kind == 0 ? Link.INSTANT : new Link(megabytes * 1e6, latency);
    }
}
