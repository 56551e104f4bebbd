package io.github.skydl4j.schedule;

import java.util.Arrays;

/**
 * The clock of a schedule: when every action starts if each stage does its actions in their order, as early as its
 * inputs allow. Transfers overlap with compute; each direction of a link carries one transfer at a time, in the order
 * in which the outputs are ready. Immutable.
 *
 * <p>An action starts at the later of "stage free" and "input arrived", which does not depend on the order in which
 * the stages are visited; so the stages are swept up and down until nothing moves, in O(stages x micro-batches). Where
 * the first and the last stage are on one worker it does depend: then the action that can start first is next, of two
 * the one whose input came first, of those the last stage's, in O(stages² x micro-batches).
 */
public final class Timeline {

    private static final long UNKNOWN = Long.MIN_VALUE;

    private final Schedule schedule;
    private final StageTimes times;
    private final long[][] forwardStart;
    private final long[][] backwardStart;
    private final long[] stageEnd;

    private Timeline(Schedule schedule, StageTimes times) {
        int stages = schedule.stageCount();
        this.schedule = schedule;
        this.times = times;
        this.forwardStart = unknown(stages, schedule.microBatches());
        this.backwardStart = unknown(stages, schedule.microBatches());
        this.stageEnd = new long[stages];
    }

    /**
     * Replays a schedule.
     *
     * @throws IllegalArgumentException if the schedule and the times differ in their number of stages, or if the
     *     stages wait for each other for ever; the message names the first stage that waits and its action
     */
    public static Timeline of(Schedule schedule, StageTimes times) {
        if (schedule.stageCount() != times.stageCount()) {
            throw new IllegalArgumentException(
                    "the schedule has " + schedule.stageCount() + " stages, the times have " + times.stageCount());
        }
        Timeline timeline = new Timeline(schedule, times);
        timeline.new Replay().run();
        return timeline;
    }

    public Schedule schedule() {
        return schedule;
    }

    public StageTimes times() {
        return times;
    }

    /** From the start of the first action to the end of the last update. */
    public long stepNanos() {
        return Arrays.stream(stageEnd).max().orElse(0) + times.longestUpdate();
    }

    public long startNanos(int stage, Action action) {
        return (action.isForward() ? forwardStart : backwardStart)[stage][action.microBatch()];
    }

    public long endNanos(int stage, Action action) {
        return startNanos(stage, action) + (action.isForward() ? times.forward(stage) : times.backward(stage));
    }

    /** The share of the step in which the stage computes, 0 to 1. */
    public double busyShare(int stage) {
        long step = stepNanos();
        return step == 0 ? 0 : (double) times.compute(stage) * schedule.microBatches() / step;
    }

    private static long[][] unknown(int stages, int microBatches) {
        long[][] nanos = new long[stages][microBatches];
        for (long[] stage : nanos) {
            Arrays.fill(stage, UNKNOWN);
        }
        return nanos;
    }

    /** The sweep; lives only while the timeline is built. */
    private final class Replay {
        private final int last = schedule.stageCount() - 1;
        private final int[] next = new int[schedule.stageCount()];
        private final long[][] activationArrival = unknown(schedule.stageCount(), schedule.microBatches());
        private final long[][] gradientArrival = unknown(schedule.stageCount(), schedule.microBatches());
        private final long[] downFree = new long[schedule.stageCount()];
        private final long[] upFree = new long[schedule.stageCount()];
        private final long[] workerFree = new long[schedule.stageCount()];

        void run() {
            Arrays.fill(activationArrival[0], 0);
            if (times.endsShared()) {
                inOrderOfTime();
            } else {
                sweep();
            }
            requireAllDone();
        }

        private void inOrderOfTime() {
            for (int stage = earliest(); stage >= 0; stage = earliest()) {
                Action action = schedule.stage(stage).get(next[stage]);
                perform(stage, action, Math.max(readyNanos(stage, action), workerFree[times.workerOf(stage)]));
                next[stage]++;
            }
        }

        /** The stage whose next action can start first, or -1 if none can. */
        private int earliest() {
            int earliest = -1;
            long leastStart = Long.MAX_VALUE;
            long leastReady = Long.MAX_VALUE;
            for (int stage = last; stage >= 0; stage--) {
                if (next[stage] < schedule.stage(stage).size()) {
                    long ready = readyNanos(stage, schedule.stage(stage).get(next[stage]));
                    long start = Math.max(ready, workerFree[times.workerOf(stage)]);
                    boolean earlier = start < leastStart || (start == leastStart && ready < leastReady);
                    if (ready != UNKNOWN && earlier) {
                        earliest = stage;
                        leastStart = start;
                        leastReady = ready;
                    }
                }
            }
            return earliest;
        }

        private void sweep() {
            boolean moved = true;
            while (moved) {
                moved = false;
                for (int stage = 0; stage <= last; stage++) {
                    moved |= advance(stage);
                }
                for (int stage = last - 1; stage >= 0; stage--) {
                    moved |= advance(stage);
                }
            }
        }

        private boolean advance(int stage) {
            int before = next[stage];
            while (next[stage] < schedule.stage(stage).size()) {
                Action action = schedule.stage(stage).get(next[stage]);
                long ready = readyNanos(stage, action);
                if (ready == UNKNOWN) {
                    break;
                }
                perform(stage, action, Math.max(ready, stageEnd[stage]));
                next[stage]++;
            }
            return next[stage] > before;
        }

        private long readyNanos(int stage, Action action) {
            int microBatch = action.microBatch();
            if (action.isForward()) {
                return activationArrival[stage][microBatch];
            }
            if (stage < last) {
                return gradientArrival[stage][microBatch];
            }
            long forward = forwardStart[stage][microBatch];
            return forward == UNKNOWN ? UNKNOWN : forward + times.forward(stage);
        }

        private void perform(int stage, Action action, long start) {
            int microBatch = action.microBatch();
            workerFree[times.workerOf(stage)] =
                    start + (action.isForward() ? times.forward(stage) : times.backward(stage));
            if (action.isForward()) {
                forwardStart[stage][microBatch] = start;
                stageEnd[stage] = start + times.forward(stage);
                if (stage < last) {
                    downFree[stage] = Math.max(downFree[stage], stageEnd[stage]) + times.link(stage);
                    activationArrival[stage + 1][microBatch] = downFree[stage];
                }
            } else {
                backwardStart[stage][microBatch] = start;
                stageEnd[stage] = start + times.backward(stage);
                if (stage > 0) {
                    upFree[stage] = Math.max(upFree[stage], stageEnd[stage]) + times.link(stage - 1);
                    gradientArrival[stage - 1][microBatch] = upFree[stage];
                }
            }
        }

        private void requireAllDone() {
            for (int stage = 0; stage <= last; stage++) {
                if (next[stage] < schedule.stage(stage).size()) {
                    throw new IllegalArgumentException("stage " + stage + " waits for ever before its action "
                            + next[stage] + ", " + schedule.stage(stage).get(next[stage]));
                }
            }
        }
    }
}
