package io.github.skydl4j.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/** Seeded stage times for property-style tests. */
final class RandomTimes {

    private RandomTimes() {}

    static StageTimes of(Random random) {
        int stages = 1 + random.nextInt(7);
        long slowestLink = random.nextInt(40);
        return new StageTimes(
                times(random, stages, 20), times(random, stages, 40), times(random, stages - 1, slowestLink));
    }

    /** Limits of micro-batches in flight, never rising. */
    static List<Integer> limits(Random random, int stages, int microBatches) {
        List<Integer> limits = new ArrayList<>();
        int most = microBatches;
        for (int stage = 0; stage < stages; stage++) {
            most = 1 + random.nextInt(most);
            limits.add(most);
        }
        return limits;
    }

    private static List<Long> times(Random random, int count, long below) {
        return IntStream.range(0, count)
                .mapToObj(i -> (long) (random.nextDouble() * below))
                .toList();
    }
}
