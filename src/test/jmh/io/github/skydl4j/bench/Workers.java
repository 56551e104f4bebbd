package io.github.skydl4j.bench;

import io.github.skydl4j.Worker;
import io.github.skydl4j.plan.Link;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Workers to play, and how far their time must be stretched for this host. */
final class Workers {
    /** What all compute together may take of the host: the rest is for what is around it. */
    static final double CORES = 1.6;

    private Workers() {}

    static List<Worker> withSlowdowns(double... slowdowns) {
        List<Worker> workers = new ArrayList<>();
        for (double slowdown : slowdowns) {
            workers.add(Worker.named("worker-" + workers.size()).withSlowdown(slowdown));
        }
        return workers;
    }

    /** The paper's kind: slowdowns are whole numbers from 1 to 6, drawn at random. */
    static List<Worker> seeded(int count, long seed) {
        Random random = new Random(seed);
        double[] slowdowns = new double[count];
        for (int i = 0; i < count; i++) {
            slowdowns[i] = 1 + random.nextInt(6);
        }
        return withSlowdowns(slowdowns);
    }

    static List<Worker> behind(Link link, List<Worker> workers) {
        return workers.stream().map(worker -> worker.withLink(link)).toList();
    }

    /**
     * The dilation that lets this host play the workers in {@link #CORES} cores: each micro-batch is in one place at a
     * time, so at most {@code microBatches} workers compute at once, in the worst case the fastest.
     */
    static double dilation(List<Worker> workers, int microBatches) {
        double cores = workers.stream()
                .map(worker -> 1 / (1 + worker.slowdown()))
                .sorted(Comparator.reverseOrder())
                .limit(microBatches)
                .mapToDouble(speed -> speed)
                .sum();
        return Math.max(1, cores / CORES);
    }
}
