package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.skydl4j.cli.LearningRate.Decay;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.PolySchedule;
import org.nd4j.linalg.schedule.ScheduleType;

class LearningRateTest {
    @Test
    void risesOverTheWarmUpAndFallsToNothing() {
        ISchedule schedule = new LearningRate(0.1, 10, Decay.LINEAR).schedule(110);
        assertThat(schedule.valueAt(0, 0)).isEqualTo(0.01, within(1e-12));
        assertThat(schedule.valueAt(9, 0)).isEqualTo(0.1, within(1e-12));
        assertThat(schedule.valueAt(60, 0)).isEqualTo(0.05, within(1e-12));
        assertThat(schedule.valueAt(109, 0)).isEqualTo(0.001, within(1e-12));
    }

    @Test
    void staysLevelWithoutDecay() {
        ISchedule schedule = new LearningRate(0.1, 0, Decay.NONE).schedule(5);
        for (int step = 0; step < 20; step++) {
            assertThat(schedule.valueAt(step, 0)).isEqualTo(0.1);
        }
    }

    @Test
    void keepsLongRunsShort() {
        ISchedule schedule = new LearningRate(1, 0, Decay.LINEAR).schedule(1_000_000);
        assertThat(schedule.valueAt(500_000, 0)).isEqualTo(0.5, within(0.002));
        assertThat(schedule.toString()).hasSizeLessThan(50_000);
    }

    /** Why the decay is a stair: DL4J's own polynomial decay rises. The test tells when a fixed DL4J arrives. */
    @Test
    void historyPolyScheduleOfDl4jRises() {
        PolySchedule schedule = new PolySchedule(ScheduleType.ITERATION, 1, 1, 100);
        assertThat(schedule.valueAt(50, 0)).isEqualTo(1.5);
    }
}
