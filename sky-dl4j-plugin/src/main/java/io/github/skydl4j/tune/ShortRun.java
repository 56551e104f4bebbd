package io.github.skydl4j.tune;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Runs of a few steps on the same few batches: some to warm up, then some for the median. Used by one thread at a time. */
final class ShortRun {
    private static final int BATCHES = 4;
    private static final int WARM_UP_STEPS = 3;
    /** The first run finds the JVM cold. */
    private static final int FIRST_WARM_UP_STEPS = 40;

    private static final int STEPS = 20;

    private final List<MultiDataSet> batches;
    private boolean warm;

    /** Takes the first few batches that are as large as the first. */
    ShortRun(Iterator<? extends MultiDataSet> data) {
        List<MultiDataSet> full = new ArrayList<>();
        while (full.size() < BATCHES && data.hasNext()) {
            MultiDataSet next = data.next();
            if (full.isEmpty() || rows(next) == rows(full.get(0))) {
                full.add(next);
            }
        }
        if (full.isEmpty()) {
            throw new IllegalArgumentException("there is no batch: runs need at least one");
        }
        batches = full;
    }

    MultiDataSet firstBatch() {
        return batches.get(0);
    }

    /**
     * Half of the time at most is for warming up; the first run may take as long once more.
     *
     * @param step does a step, of which the meter hears
     */
    Measurement measure(Duration limit, StepMeter meter, Consumer<MultiDataSet> step) {
        if (!warm) {
            steps(step, FIRST_WARM_UP_STEPS, System.nanoTime() + limit.toNanos());
            warm = true;
        }
        long end = System.nanoTime() + limit.toNanos();
        steps(step, WARM_UP_STEPS, end - limit.toNanos() / 2);
        meter.forget();
        steps(step, STEPS, end);
        return meter.measurement();
    }

    /** At least one step; no new one after the end. */
    private void steps(Consumer<MultiDataSet> step, int most, long end) {
        for (int s = 0; s < most && (s == 0 || System.nanoTime() - end < 0); s++) {
            step.accept(batches.get(s % batches.size()));
        }
    }

    private static long rows(MultiDataSet batch) {
        return batch.getFeatures(0).size(0);
    }
}
