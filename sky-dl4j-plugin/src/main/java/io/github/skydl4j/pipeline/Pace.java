package io.github.skydl4j.pipeline;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/** Gives work the speed of an emulated worker and measures it. Confined to the stage thread. */
final class Pace {
    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    private final double stretch;
    private long busyNanos;

    Pace(Emulation emulation) {
        this.stretch = emulation.stretch();
    }

    /** Does the work and idles for as long as the emulated worker would still be at it. */
    <T> T run(Supplier<T> work) {
        long start = System.nanoTime();
        long cpu = cpuNanos();
        T result = work.get();
        if (stretch > 1) {
            idleUntil(start + (long) ((cpuNanos() - cpu) * stretch));
        }
        busyNanos += System.nanoTime() - start;
        return result;
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
