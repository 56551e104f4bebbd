package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.ScheduleKind;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Seeded planning problems of 200 units on 20 distinct workers. */
final class LargeRequests {

    static final int UNITS = 200;
    static final int WORKERS = 20;

    /** What units and workers are like. */
    enum Shape {
        /** Units of 0.9 to 5.1 ms and 150 to 1350 MiB, workers 1 to 7 times slower than the reference. */
        EVEN,
        /** Blocks of three units as in BERT behind an embedding, workers up to 8 times slower, the fast ones roomier. */
        BLOCKS,
        /** A few units that are far longer or larger than most, workers either fast or slow. */
        SKEWED
    }

    private LargeRequests() {}

    /** A problem whose workers hold so many times what the model needs with one micro-batch; 0 for no limit. */
    static PlanRequest of(Shape shape, long seed, double memoryOverNeed, int microBatches) {
        Random random = new Random(seed * 1000 + shape.ordinal());
        List<UnitProfile> units = IntStream.range(0, UNITS)
                .mapToObj(number -> unit(shape, random, number))
                .toList();
        long need = units.stream()
                .mapToLong(unit -> unit.residentBytes() + unit.activationBytes())
                .sum();
        double[] slowness = new double[WORKERS];
        double[] share = new double[WORKERS];
        for (int worker = 0; worker < WORKERS; worker++) {
            slowness[worker] = slowness(shape, random);
            share[worker] = share(shape, random, slowness[worker]);
        }
        double shares = Arrays.stream(share).sum();
        List<WorkerProfile> workers = IntStream.range(0, WORKERS)
                .mapToObj(w -> new WorkerProfile(
                        "w" + w,
                        slowness[w],
                        memoryOverNeed == 0 ? Long.MAX_VALUE : (long) (need * memoryOverNeed * share[w] / shares)))
                .toList();
        return new PlanRequest(units, Cluster.instant(workers), microBatches, ScheduleKind.ROUND_TRIP);
    }

    /** The same problem with so many bytes to send at each cut, at 1 GB/s and after 0.2 ms. */
    static PlanRequest linked(PlanRequest request, long boundaryBytes) {
        List<UnitProfile> units = request.units().stream()
                .map(unit -> new UnitProfile(
                        unit.name(),
                        unit.forwardNanos(),
                        unit.backwardNanos(),
                        unit.parameterBytes(),
                        unit.stateBytes(),
                        unit.activationBytes(),
                        boundaryBytes))
                .toList();
        Cluster cluster = Cluster.uniform(request.cluster().workers(), new Link(1e9, 200_000));
        return new PlanRequest(units, cluster, request.microBatches(), request.schedule());
    }

    private static UnitProfile unit(Shape shape, Random random, int number) {
        return switch (shape) {
            case EVEN -> unit(number, 300_000 + random.nextInt(1_400_000), 50 + random.nextInt(400), 10);
            case BLOCKS ->
                number == 0
                        ? unit(number, 300_000, 700, 15)
                        : switch (number % 3) {
                            case 0 -> unit(number, 1_200_000, 160, 15);
                            case 1 -> unit(number, 700_000, 40, 15);
                            default -> unit(number, 1_700_000, 330, 30);
                        };
            case SKEWED ->
                unit(
                        number,
                        (long) Math.min(5_000_000, 200_000 * Math.pow(1 - random.nextDouble(), -0.6)),
                        (long) Math.min(2048, 20 * Math.pow(1 - random.nextDouble(), -0.8)),
                        5L + random.nextInt(20));
        };
    }

    private static UnitProfile unit(int number, long forwardNanos, long parameterMib, long activationMib) {
        return new UnitProfile(
                "unit" + number,
                forwardNanos,
                2 * forwardNanos,
                parameterMib << 20,
                2 * parameterMib << 20,
                activationMib << 20,
                1 << 16);
    }

    private static double slowness(Shape shape, Random random) {
        return switch (shape) {
            case EVEN -> 1 + 6 * random.nextDouble();
            case BLOCKS -> Math.exp(Math.log(8) * random.nextDouble());
            case SKEWED -> random.nextBoolean() ? 1 + 0.3 * random.nextDouble() : 3 + 2 * random.nextDouble();
        };
    }

    private static double share(Shape shape, Random random, double slowness) {
        return switch (shape) {
            case EVEN -> 1 / (1 + 2 * random.nextDouble());
            case BLOCKS -> Math.sqrt(1 / slowness) * (0.6 + 0.8 * random.nextDouble());
            case SKEWED -> 0.5 + random.nextDouble();
        };
    }
}
