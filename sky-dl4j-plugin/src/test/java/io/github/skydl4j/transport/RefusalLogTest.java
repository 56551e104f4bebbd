package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    @Test
    void logsALineASecondAtMostAndCountsTheRest() {
        AtomicLong nanos = new AtomicLong(-5);
        List<String> lines = new ArrayList<>();
        RefusalLog log = new RefusalLog(nanos::get, lines::add);
        for (int i = 0; i < 2500; i++) {
            log.note("wrong key");
            nanos.addAndGet(1_000_000);
        }
        assertThat(lines)
                .containsExactly(
                        "wrong key",
                        "wrong key (1000 of this kind since the last line)",
                        "wrong key (1000 of this kind since the last line)");
    }
}
