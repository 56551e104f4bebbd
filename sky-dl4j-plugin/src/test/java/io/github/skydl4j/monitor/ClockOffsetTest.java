package io.github.skydl4j.monitor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class ClockOffsetTest {
    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1000 * MILLI;

    @Test
    void isUnknownBeforeTheFirstHeartBeat() {
        assertThat(new ClockOffset().nanos()).isEmpty();
        assertThat(new ClockOffset().errorNanos()).isEmpty();
    }

    @Test
    void isExactWhereBothWaysTakeEquallyLong() {
        ClockOffset offset = new ClockOffset();
        offset.add(new HeartBeat(1000, 700 + 1000 + 50, 700 + 1000 + 80, 1130));
        assertThat(offset.nanos()).hasValue(700);
        assertThat(offset.errorNanos()).hasValue(50);
    }

    @Test
    void trustsTheHeartBeatThatMetNoQueue() {
        ClockOffset offset = new ClockOffset();
        offset.add(beat(0, 5 * SECOND, 40 * MILLI, MILLI / 10));
        offset.add(beat(SECOND, 5 * SECOND, MILLI / 10, MILLI / 10));
        offset.add(beat(2 * SECOND, 5 * SECOND, MILLI / 10, 90 * MILLI));
        assertThat(offset.nanos()).hasValue(5 * SECOND);
    }

    /** An hour of heart-beats with queues both ways, of a clock that is off by minutes and runs 50 millionths too fast. */
    @Test
    void staysWithinItsErrorPlusTheDriftOfItsWindow() {
        Random random = new Random(3);
        ClockOffset offset = new ClockOffset();
        double drift = 50e-6;
        for (long now = 0; now < 3600 * SECOND; now += SECOND) {
            long ahead = -400 * SECOND + (long) (now * drift);
            offset.add(beat(now, ahead, queue(random), queue(random)));
            long driftOfWindow = (long) (8 * SECOND * drift);
            assertThat(Math.abs(offset.nanos().orElseThrow() - ahead))
                    .isLessThanOrEqualTo(offset.errorNanos().orElseThrow() + driftOfWindow);
        }
        assertThat(offset.errorNanos().orElseThrow()).isLessThan(2 * MILLI);
    }

    @Test
    void refusesAnAnswerBeforeItsQuestion() {
        assertThatThrownBy(() -> new HeartBeat(1000, 0, 500, 1400)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HeartBeat(1000, 10, 5, 1400)).isInstanceOf(IllegalArgumentException.class);
    }

    private static HeartBeat beat(long sent, long ahead, long there, long back) {
        long thinking = MILLI / 5;
        long arrived = sent + there;
        return new HeartBeat(sent, arrived + ahead, arrived + thinking + ahead, arrived + thinking + back);
    }

    private static long queue(Random random) {
        return MILLI / 10 + (random.nextInt(4) == 0 ? random.nextLong(50 * MILLI) : random.nextLong(MILLI));
    }
}
