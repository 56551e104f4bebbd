package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.Action;
import io.github.skydl4j.schedule.StageTimes;
import java.util.List;
import java.util.Optional;

/**
 * A stage's thread in {@link EmulatedStep}: it waits for its input, computes, and idles until the slower machine that it
 * plays would be done. Confined to one thread.
 */
final class PlayedWorker {
    private enum Phase {
        WAITING,
        COMPUTING,
        IDLING,
        DONE
    }

    private final List<Action> actions;
    private final StageTimes times;
    private final int stage;
    private final double cpuShare;
    private final long wakeNanos;
    private final long pieceNanos;
    private final double growth;
    private Phase phase = Phase.WAITING;
    private int next;
    private boolean updating;
    private double startNanos;
    private double cpuNanos;
    private double leftNanos;
    private double idleUntil;
    private double lateNanos;

    /**
     * A thread before its first action.
     *
     * @param times of the emulated machines
     * @param cpuShare the part of these times in which the host computes
     * @param threads that play workers, this one included
     */
    PlayedWorker(List<Action> actions, StageTimes times, int stage, double cpuShare, Host host, int threads) {
        this.wakeNanos = host.handOverNanos();
        Growth grown = host.growth(threads, cpuShare < 1);
        this.pieceNanos = grown.pieceNanos();
        this.growth = grown.factor() / host.crowded().factor();
        this.actions = actions;
        this.times = times;
        this.stage = stage;
        this.cpuShare = cpuShare;
    }

    /** Begins the second phase of the step. */
    void startUpdate() {
        updating = true;
        phase = Phase.WAITING;
    }

    /** What comes next; empty where that is the update, or nothing. */
    Optional<Action> next() {
        return next == actions.size() ? Optional.empty() : Optional.of(actions.get(next));
    }

    boolean isComputing() {
        return phase == Phase.COMPUTING;
    }

    /** When the last piece of work was done. */
    double freeSince() {
        return idleUntil;
    }

    /** At work, or idling for the slower machine. */
    boolean isBusy() {
        return phase == Phase.COMPUTING || phase == Phase.IDLING;
    }

    void startIfReady(double now, double arrival) {
        if (phase == Phase.WAITING && arrival <= now) {
            phase = Phase.COMPUTING;
            startNanos = now;
            cpuNanos = 0;
            leftNanos = emulatedNanos() * growth * cpuShare + pieceNanos;
        }
    }

    /** When this thread next changes what it does, if nobody else does; infinite if it waits for another. */
    double nextEvent(double now, double arrival, double speed) {
        return switch (phase) {
            case WAITING -> arrival;
            case COMPUTING -> now + leftNanos / speed;
            case IDLING -> idleUntil;
            case DONE -> Double.POSITIVE_INFINITY;
        };
    }

    /** Takes note of CPU time used until {@code now}. */
    void compute(double cpu, double now) {
        cpuNanos += cpu;
        leftNanos -= cpu;
        if (leftNanos <= 1e-3) {
            phase = Phase.IDLING;
            double deadline = startNanos + cpuNanos / cpuShare - lateNanos;
            // A thread wakes late; its next idling makes up for it.
            boolean idles = deadline > now && cpuShare < 1;
            lateNanos = idles ? wakeNanos : 0;
            idleUntil = idles ? deadline + wakeNanos : now;
        }
    }

    boolean finishes(double now) {
        return phase == Phase.IDLING && idleUntil <= now;
    }

    /** Ends the piece of work; the action, or empty for the update. */
    Optional<Action> finish() {
        Optional<Action> done = next();
        boolean last = updating || next + 1 == actions.size();
        next = Math.min(next + 1, actions.size());
        phase = last ? Phase.DONE : Phase.WAITING;
        return done;
    }

    private double emulatedNanos() {
        if (updating) {
            return times.updateNanos().get(stage);
        }
        return actions.get(next).isForward() ? times.forward(stage) : times.backward(stage);
    }
}
