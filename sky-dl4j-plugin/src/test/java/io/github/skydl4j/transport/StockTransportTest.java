package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.aeron.Publication;
import java.io.IOException;
import java.net.DatagramSocket;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.agrona.concurrent.UnsafeBuffer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.transport.impl.AeronUdpTransport;

/**
 * History: why DL4J's parameter server has another transport here. Its own reads whatever reaches its port with an {@code
 * ObjectInputStream}, from anybody: an object of a class that is on the class path runs.
 */
class StockTransportTest {
    private static final int STREAM = 119;
    private static final String READY = "ready";

    @Test
    void theStockTransportRunsAnObjectThatAStrangerSends() throws Exception {
        int port = freePort();
        try (ChildJvm victim = new ChildJvm(Victim.class, Integer.toString(port))) {
            victim.await(READY);
            AeronDriver driver = AeronDriver.acquire(null, 0);
            try (Publication stranger =
                    driver.client().addPublication("aeron:udp?endpoint=127.0.0.1:" + port, STREAM)) {
                UnsafeBuffer planted = new UnsafeBuffer(PlantedObject.bytes());
                Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> stranger.offer(planted) > 0);
                assertThat(victim.await(PlantedObject.RAN)).isEmpty();
            } finally {
                driver.release();
            }
        }
    }

    private static int freePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** A program that has launched the stock transport. Argument: its port. */
    static final class Victim {
        private Victim() {}

        public static void main(String[] arguments) throws InterruptedException {
            AeronUdpTransport transport = new AeronUdpTransport(
                    "127.0.0.1",
                    Integer.parseInt(arguments[0]),
                    VoidConfiguration.builder()
                            .streamId(STREAM)
                            .networkMask("127.0.0.0/24")
                            .build());
            transport.launchAsMaster();
            System.out.println(READY);
            new CountDownLatch(1).await(); // until it is killed
        }
    }
}
