package io.github.skydl4j.monitor;

import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.pipeline.StageObserver;
import io.github.skydl4j.schedule.Action;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records what one stage does in rings made once: a write is a few stores, without a lock or an allocation. One thread, the stage's, writes; one other thread reads, at any time. Where the reader lags behind by more
 * than the capacity, events are dropped and counted, never waited for.
 */
public final class StageRecorder implements StageObserver {
    /** Waits, receive, transfer, work, send: for a forward and for a backward. */
    private static final int MOST_EVENTS_OF_A_MICRO_BATCH = 12;

    private static final int UPDATES = 1;

    private final int stage;
    private final Runnable stepStarted;
    private final int mask;
    private final Activity[] activities;
    private final Action.Kind[] causes;
    private final int[] microBatches;
    private final long[] starts;
    private final long[] ends;
    private final long[] sizes;
    private final AtomicLong written = new AtomicLong();
    private final AtomicLong read = new AtomicLong();
    private final AtomicLong dropped = new AtomicLong();

    /**
     * Creates a recorder with room for two steps.
     *
     * @param mostMicroBatches of a step
     * @param stepStarted called on the stage's thread when it begins a step
     */
    public StageRecorder(int stage, int mostMicroBatches, Runnable stepStarted) {
        this.stage = stage;
        this.stepStarted = stepStarted;
        int wanted = 2 * (mostMicroBatches * MOST_EVENTS_OF_A_MICRO_BATCH + UPDATES);
        int capacity = Integer.highestOneBit(wanted - 1) << 1;
        this.mask = capacity - 1;
        this.activities = new Activity[capacity];
        this.causes = new Action.Kind[capacity];
        this.microBatches = new int[capacity];
        this.starts = new long[capacity];
        this.ends = new long[capacity];
        this.sizes = new long[capacity];
    }

    @Override
    public void stepStarted() {
        stepStarted.run();
    }

    @Override
    public void done(Activity activity, Action.Kind cause, int microBatch, long startNanos, long endNanos, long bytes) {
        long next = written.getPlain();
        if (next - read.getAcquire() > mask) {
            dropped.setOpaque(dropped.getPlain() + 1);
            return;
        }
        int slot = (int) next & mask;
        activities[slot] = activity;
        causes[slot] = cause;
        microBatches[slot] = microBatch;
        starts[slot] = startNanos;
        ends[slot] = endNanos;
        sizes[slot] = bytes;
        written.setRelease(next + 1);
    }

    /** Moves what has been recorded so far to {@code events}, as events of the step. */
    public void drainTo(List<StageEvent> events, long step) {
        long next = read.getPlain();
        long end = written.getAcquire();
        for (; next < end; next++) {
            int slot = (int) next & mask;
            events.add(new StageEvent(
                    step,
                    stage,
                    activities[slot],
                    causes[slot],
                    microBatches[slot],
                    starts[slot],
                    ends[slot],
                    sizes[slot]));
        }
        read.setRelease(end);
    }

    /** How many events have found no room. */
    public long dropped() {
        return dropped.getOpaque();
    }
}
