package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class PaceTest {
    @Test
    void idlesUntilTheEmulatedWorkerWouldBeDone() {
        Pace pace = new Pace(new Emulation(3, 2), new ReentrantLock());
        long start = System.nanoTime();
        long cpu = pace.run(PaceTest::work);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(8 * cpu);
        assertThat(pace.takeBusyNanos()).isGreaterThanOrEqualTo(8 * cpu);
        assertThat(pace.takeBusyNanos()).isZero();
    }

    @Test
    void stagesOfOneWorkerTakeTurns() throws Exception {
        Lock turn = new ReentrantLock(true);
        Emulation fourTimesSlower = new Emulation(3, 1);
        AtomicInteger atWork = new AtomicInteger();
        Callable<Integer> stage = () -> {
            Pace pace = new Pace(fourTimesSlower, turn);
            int most = 0;
            for (int i = 0; i < 20; i++) {
                most = Math.max(most, pace.run(() -> {
                    int busy = atWork.incrementAndGet();
                    work();
                    atWork.decrementAndGet();
                    return busy;
                }));
            }
            return most;
        };
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            for (Future<Integer> most : threads.invokeAll(List.of(stage, stage))) {
                assertThat(most.get()).isEqualTo(1);
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void refusesValuesWithoutMeaning() {
        assertThatThrownBy(() -> new Emulation(-0.5, 1)).hasMessage("slowdown is -0.5: it must be at least 0");
        assertThatThrownBy(() -> new Emulation(1, 0.9)).hasMessage("dilation is 0.9: it must be at least 1");
        assertThatThrownBy(() -> new Emulation(Double.NaN, 1)).hasMessageContaining("NaN");
    }

    /** Works for some milliseconds and returns the CPU time that it took. */
    private static long work() {
        var threads = ManagementFactory.getThreadMXBean();
        long start = threads.getCurrentThreadCpuTime();
        long taken;
        do {
            taken = threads.getCurrentThreadCpuTime() - start;
        } while (taken < 3_000_000);
        return taken;
    }
}
