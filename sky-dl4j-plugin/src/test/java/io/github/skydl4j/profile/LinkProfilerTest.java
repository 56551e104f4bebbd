package io.github.skydl4j.profile;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.plan.Link;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class LinkProfilerTest {
    @Test
    void findsTheBandwidthAndLatencyThatALinkPlays() {
        Link played = new Link(2e7, 5_000_000);
        Link found = measure(played);
        // The waking of the thread that waits is part of the latency, and a busy host wakes late.
        assertThat(found.latencyNanos()).isBetween(5_000_000L, 50_000_000L);
        assertThat(found.bytesPerSecond()).isBetween(5e6, 2.2e7);
    }

    @Test
    void threadsOfOneJvmMoveAnySizeAtOnce() {
        Link found = measure(Link.INSTANT);
        assertThat(found.latencyNanos()).isPositive();
        assertThat(found.bytesPerSecond()).isGreaterThan(1e9);
    }

    private static Link measure(Link link) {
        return new LinkProfiler(Duration.ofMillis(400))
                .measureHere(Channel.inProcess("there", 1, link, 1), Channel.inProcess("back", 1, link, 1));
    }
}
