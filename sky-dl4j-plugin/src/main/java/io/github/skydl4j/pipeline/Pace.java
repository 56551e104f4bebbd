package io.github.skydl4j.pipeline;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Gives work the speed of an emulated worker and measures it. Confined to the stage thread. */
final class Pace {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** Most of a late awakening that the next idling makes up for. */
    private static final long LONGEST_DEBT_NANOS = 1_000_000;

    private final double stretch;
    private final Lock turn;
    private long busyNanos;
    private long computeNanos;
    private long debtNanos;

    /** For a stage of a worker that does one thing at a time: the turn is held at work. */
    Pace(Emulation emulation, Lock turn) {
        this.stretch = emulation.stretch();
        this.turn = turn;
    }

    /** Does the work when it is the stage's turn, and idles for as long as the emulated worker would still be at it. */
    <T> T run(Supplier<T> work) {
        turn.lock();
        try {
            return runAlone(work);
        } finally {
            turn.unlock();
        }
    }

    private <T> T runAlone(Supplier<T> work) {
        long start = System.nanoTime();
        long cpu = cpuNanos();
        T result = work.get();
        computeNanos = (long) ((cpuNanos() - cpu) * stretch);
        if (stretch > 1) {
            long deadline = start + computeNanos - debtNanos;
            debtNanos = 0;
            if (deadline > System.nanoTime()) {
                idleUntil(deadline);
                debtNanos = Math.min(LONGEST_DEBT_NANOS, System.nanoTime() - deadline);
            }
        }
        busyNanos += System.nanoTime() - start;
        return result;
    }

    /** What the last work takes on the emulated worker: CPU time, stretched. */
    long computeNanos() {
        return computeNanos;
    }

    /** Time spent on work, idling of the emulation included, since the last call. */
    long takeBusyNanos() {
        long taken = busyNanos;
        busyNanos = 0;
        return taken;
    }

    static void idleUntil(long deadline) {
        long left;
        while ((left = deadline - System.nanoTime()) > 0) {
            if (Thread.currentThread().isInterrupted()) {
                return;
            }
            LockSupport.parkNanos(left);
        }
    }

    private static long cpuNanos() {
        return THREADS.isCurrentThreadCpuTimeSupported() ? THREADS.getCurrentThreadCpuTime() : System.nanoTime();
    }
}
