package io.github.skydl4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.plan.Link;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class InProcessChannelTest {
    private static final Duration LONG = Duration.ofSeconds(20);

    @Test
    void deliversInOrder() {
        Channel<String> channel = channel(Link.INSTANT, 1);
        channel.send("a", 10);
        channel.send("b", 10);
        assertThat(channel.receive(LONG)).isEqualTo("a");
        assertThat(channel.receive(LONG)).isEqualTo("b");
    }

    @Test
    void refusesMoreThanItsCapacity() {
        Channel<String> channel = channel(Link.INSTANT, 1);
        for (int i = 0; i < 3; i++) {
            channel.send("x", 1);
        }
        assertThatThrownBy(() -> channel.send("x", 1)).hasMessageContaining("3 messages, which is its limit");
    }

    @Test
    void saysWhatItWaitedForWhenNothingComes() {
        assertThatThrownBy(() -> channel(Link.INSTANT, 1).receive(Duration.ofMillis(10)))
                .isInstanceOf(StalledException.class)
                .hasMessageContaining("a message on the way from a to b");
    }

    @Test
    void releasesAWaitingReceiverWhenClosed() throws Exception {
        Channel<String> channel = channel(Link.INSTANT, 1);
        CompletableFuture<Throwable> caught = new CompletableFuture<>();
        Thread receiver = new Thread(() -> {
            try {
                channel.receive(LONG);
            } catch (RuntimeException e) {
                caught.complete(e);
            }
        });
        receiver.start();
        channel.close();
        assertThat(caught.get(20, TimeUnit.SECONDS)).isInstanceOf(ChannelClosedException.class);
        assertThatThrownBy(() -> channel.send("x", 1)).isInstanceOf(ChannelClosedException.class);
    }

    @Test
    void carriesOneTransferAfterTheOtherOverAnEmulatedLink() {
        Channel<String> channel = channel(new Link(1e6, 5_000_000), 2);
        long start = System.nanoTime();
        channel.send("a", 10_000); // 10 ms of transfer and 5 ms of latency, both twice as long with dilation 2
        channel.send("b", 10_000);
        channel.receive(LONG);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(30_000_000);
        channel.receive(LONG);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(50_000_000);
    }

    private static Channel<String> channel(Link link, double dilation) {
        return new InProcessChannel<>("the way from a to b", 3, link, dilation);
    }
}
