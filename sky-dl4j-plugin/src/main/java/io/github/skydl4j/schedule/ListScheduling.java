package io.github.skydl4j.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The order that results when every stage, whenever it is free, takes the next backward if its gradient has arrived, or the
 * next forward if its input has arrived and the in-flight limit allows it, whichever a {@link DispatchRule} prefers. A
 * discrete-event simulation: events in the order of time, then of stage. Of two stages on one worker the last goes first.
 * Confined to one thread.
 */
final class ListScheduling {

    private static final long NEVER = Long.MAX_VALUE;

    private final StageTimes times;
    private final int microBatches;
    private final List<Integer> limits;
    private final DispatchRule rule;
    private final int last;
    private final boolean recording;
    private final List<List<Action>> order = new ArrayList<>();
    private final WakeUps wakeUps = new WakeUps();
    private final int[] forwards;
    private final int[] backwards;
    private final long[] free;
    private final long[] downFree;
    private final long[] upFree;
    private final long[][] activationArrival;
    private final long[][] gradientArrival;

    private ListScheduling(
            StageTimes times, int microBatches, List<Integer> limits, DispatchRule rule, boolean recording) {
        this.recording = recording;
        int stages = times.stageCount();
        this.times = times;
        this.microBatches = microBatches;
        this.limits = limits;
        this.rule = rule;
        this.last = stages - 1;
        this.forwards = new int[stages];
        this.backwards = new int[stages];
        this.free = new long[stages];
        this.downFree = new long[stages];
        this.upFree = new long[stages];
        this.activationArrival = never(stages, microBatches);
        this.gradientArrival = never(stages, microBatches);
        for (int stage = 0; stage < stages; stage++) {
            order.add(new ArrayList<>());
        }
    }

    static List<List<Action>> order(StageTimes times, int microBatches, List<Integer> limits, DispatchRule rule) {
        ListScheduling scheduling = new ListScheduling(times, microBatches, limits, rule, true);
        scheduling.run();
        return scheduling.order;
    }

    /** The step in that order. */
    static long nanos(StageTimes times, int microBatches, List<Integer> limits, DispatchRule rule) {
        ListScheduling scheduling = new ListScheduling(times, microBatches, limits, rule, false);
        scheduling.run();
        return Arrays.stream(scheduling.free).max().orElse(0) + times.longestUpdate();
    }

    private void run() {
        Arrays.fill(activationArrival[0], 0);
        wakeUps.add(0, 0);
        while (!wakeUps.isEmpty()) {
            long now = wakeUps.firstNanos();
            int stage = wakeUps.removeFirst();
            if (times.endsShared() && stage == 0) {
                dispatch(last, now);
            }
            dispatch(stage, now);
        }
    }

    private void dispatch(int stage, long now) {
        if (free[times.workerOf(stage)] > now) {
            return;
        }
        boolean mayGoBackward = backwards[stage] < forwards[stage] && gradientArrival[stage][backwards[stage]] <= now;
        boolean mayGoForward = forwards[stage] < microBatches
                && forwards[stage] - backwards[stage] < limits.get(stage)
                && activationArrival[stage][forwards[stage]] <= now;
        if (mayGoForward && mayGoBackward && rule.prefersForward(stage, forwards[stage], backwards[stage])) {
            forward(stage, now);
        } else if (mayGoBackward) {
            backward(stage, now);
        } else if (mayGoForward && !waits(stage, now)) {
            forward(stage, now);
        }
    }

    /** Whether the next backward, on its way already, is worth waiting for. */
    private boolean waits(int stage, long now) {
        int backward = backwards[stage];
        return backward < forwards[stage]
                && gradientArrival[stage][backward] != NEVER
                && gradientArrival[stage][backward] - now <= rule.patience(backward) * times.forward(stage);
    }

    private void forward(int stage, long now) {
        int microBatch = forwards[stage]++;
        if (recording) {
            order.get(stage).add(Action.forward(microBatch));
        }
        long end = occupy(stage, now + times.forward(stage));
        if (stage == last) {
            gradientArrival[stage][microBatch] = end;
        } else {
            downFree[stage] = Math.max(downFree[stage], end) + times.link(stage);
            activationArrival[stage + 1][microBatch] = downFree[stage];
            wakeUps.add(downFree[stage], stage + 1);
        }
    }

    private void backward(int stage, long now) {
        int microBatch = backwards[stage]++;
        if (recording) {
            order.get(stage).add(Action.backward(microBatch));
        }
        long end = occupy(stage, now + times.backward(stage));
        if (stage > 0) {
            upFree[stage] = Math.max(upFree[stage], end) + times.link(stage - 1);
            gradientArrival[stage - 1][microBatch] = upFree[stage];
            wakeUps.add(upFree[stage], stage - 1);
        }
    }

    private long occupy(int stage, long until) {
        free[times.workerOf(stage)] = until;
        wakeUps.add(until, times.workerOf(stage));
        return until;
    }

    private static long[][] never(int stages, int microBatches) {
        long[][] nanos = new long[stages][microBatches];
        for (long[] stage : nanos) {
            Arrays.fill(stage, NEVER);
        }
        return nanos;
    }
}
