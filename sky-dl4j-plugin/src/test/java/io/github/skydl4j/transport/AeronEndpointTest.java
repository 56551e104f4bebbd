package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.pipeline.ChannelClosedException;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.transport.LoopbackNetworkTest.Note;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class AeronEndpointTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final SharedKey KEY = SharedKey.random();
    private static final ChannelSpec<Map<String, INDArray>> SPEC =
            new ChannelSpec<>(1, 3, TensorForm.gradients(), WireType.EXACT);

    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
    private AeronEndpoint coordinator;

    @BeforeEach
    void openCoordinator() {
        coordinator = AeronEndpoint.coordinator(options("coordinator", KEY).build());
        coordinator.listen(recorder(heard));
    }

    @AfterEach
    void closeCoordinator() {
        coordinator.close();
    }

    @Test
    void admitsMembersAndCarriesTheirMessagesInOrder() throws Exception {
        try (AeronEndpoint worker = join("w1", KEY)) {
            assertThat(worker.coordinatorId()).isEqualTo("coordinator");
            assertThat(worker.peers()).containsExactly("coordinator");
            assertThat(next(heard)).isEqualTo("w1 joined");
            for (int i = 0; i < 100; i++) {
                worker.send("coordinator", new Note("x".repeat(i * 1000), i));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(next(heard)).isEqualTo("w1: " + i * 1000 + " " + i);
            }
        }
        assertThat(next(heard)).isEqualTo("w1 lost: it has left");
    }

    @Test
    void tellsMembersOfOneAnother() throws Exception {
        BlockingQueue<String> heardByW1 = new LinkedBlockingQueue<>();
        BlockingQueue<String> heardByW2 = new LinkedBlockingQueue<>();
        try (AeronEndpoint w1 = join("w1", KEY)) {
            w1.listen(recorder(heardByW1));
            assertThat(next(heardByW1)).isEqualTo("coordinator joined");
            try (AeronEndpoint w2 = join("w2", KEY)) {
                w2.listen(recorder(heardByW2));
                assertThat(next(heardByW1)).isEqualTo("w2 joined");
                assertThat(next(heardByW2)).isEqualTo("coordinator joined");
                assertThat(next(heardByW2)).isEqualTo("w1 joined");
                w1.send("w2", new Note("a", 1));
                w2.send("w1", new Note("bb", 2));
                assertThat(next(heardByW2)).isEqualTo("w1: 1 1");
                assertThat(next(heardByW1)).isEqualTo("w2: 2 2");
            }
            assertThat(next(heardByW1)).startsWith("w2 lost: ");
        }
    }

    @Test
    void carriesTensorsBetweenWorkersOverTheNetwork() {
        try (AeronEndpoint w1 = join("w1", KEY);
                AeronEndpoint w2 = join("w2", KEY)) {
            awaitPeer(w1, "w2");
            Channel<Map<String, INDArray>> out = w1.sender("w2", SPEC);
            Channel<Map<String, INDArray>> in = w2.receiver("w1", SPEC);
            for (int round = 0; round < 5; round++) {
                INDArray large = Nd4j.rand(DataType.FLOAT, 300, 1000);
                INDArray small = Nd4j.rand(DataType.DOUBLE, 2, 3);
                INDArray sent = large.dup();
                out.send(
                        Map.of("large", sent, "small", small.dup().transpose(), "none", Nd4j.empty(DataType.FLOAT)), 0);
                Map<String, INDArray> received = in.receive(LIMIT);
                assertThat(received.get("large")).isEqualTo(large);
                assertThat(received.get("small")).isEqualTo(small.transpose());
                assertThat(received.get("none").isEmpty()).isTrue();
                await("the sent array is closed").atMost(LIMIT).until(sent::wasClosed);
            }
            in.close();
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 100; i++) {
                            out.send(Map.of("x", Nd4j.ones(1000)), 0);
                        }
                    })
                    .isInstanceOf(ChannelClosedException.class);
        }
    }

    @Test
    void handsTensorsOverWhereBothEndsShareAJvm() {
        AeronEndpoint near =
                AeronEndpoint.join(options("near", KEY).handOver(true).build(), coordinator.address(), LIMIT);
        try (near;
                AeronEndpoint far =
                        AeronEndpoint.join(options("far", KEY).handOver(true).build(), coordinator.address(), LIMIT)) {
            awaitPeer(near, "far");
            awaitPeer(far, "near");
            Channel<Map<String, INDArray>> out = near.sender("far", SPEC);
            Channel<Map<String, INDArray>> in = far.receiver("near", SPEC);
            Map<String, INDArray> message = Map.of("x", Nd4j.ones(4));
            out.send(message, 0);
            assertThat(in.receive(LIMIT)).isSameAs(message);
            out.close();
            assertThatThrownBy(() -> in.receive(LIMIT)).isInstanceOf(ChannelClosedException.class);
        }
    }

    @Test
    void refusesAnotherKey() {
        assertThatThrownBy(() -> join("w1", SharedKey.random()))
                .isInstanceOf(PeerLostException.class)
                .hasMessageContaining("has another key: give both the same key file");
        assertThat(coordinator.peers()).isEmpty();
    }

    @Test
    void refusesANameThatIsTaken() {
        try (AeronEndpoint first = join("w1", KEY)) {
            awaitPeer(coordinator, "w1");
            assertThatThrownBy(() -> AeronEndpoint.join(
                            options("w1", KEY).build(), coordinator.address(), Duration.ofSeconds(1)))
                    .hasMessageContaining("has a member named w1 already");
            assertThat(first.peers()).containsExactly("coordinator");
        }
    }

    @Test
    void refusesToListenToTheWorldWithoutAKey() {
        assertThatThrownBy(() -> EndpointOptions.builder(
                                "c", LoopbackNetworkTest.CODEC, SharedKey.none(), new InetSocketAddress("0.0.0.0", 0))
                        .build())
                .hasMessageContaining("without a key would admit anybody");
    }

    @Test
    void excludesAMemberWhichMayJoinAnew() throws Exception {
        BlockingQueue<String> heardByWorker = new LinkedBlockingQueue<>();
        try (AeronEndpoint worker = join("w1", KEY)) {
            worker.listen(recorder(heardByWorker));
            assertThat(next(heard)).isEqualTo("w1 joined");
            coordinator.exclude("w1");
            assertThat(next(heard)).isEqualTo("w1 lost: excluded");
            assertThat(next(heardByWorker)).isEqualTo("coordinator joined");
            assertThat(next(heardByWorker)).isEqualTo("coordinator lost: no sign of life for 4.0 s");
        }
        try (AeronEndpoint again = join("w1", KEY)) {
            assertThat(next(heard)).isEqualTo("w1 joined");
            again.send("coordinator", new Note("", 7));
            assertThat(next(heard)).isEqualTo("w1: 0 7");
        }
    }

    @Test
    void refusesWhatIsOfAnOlderEpoch() throws Exception {
        try (AeronEndpoint worker = join("w1", KEY)) {
            assertThat(next(heard)).isEqualTo("w1 joined");
            coordinator.epoch(3);
            worker.send("coordinator", new Note("", 1));
            worker.epoch(3);
            worker.send("coordinator", new Note("", 2));
            assertThat(next(heard)).isEqualTo("w1: 0 2");
        }
    }

    @Test
    void bearsPacketLoss() throws Exception {
        coordinator.close();
        coordinator =
                AeronEndpoint.coordinator(options("lossy", KEY).packetLoss(0.02).build());
        coordinator.listen(recorder(heard));
        try (AeronEndpoint worker = join("w1", KEY)) {
            assertThat(next(heard)).isEqualTo("w1 joined");
            for (int i = 0; i < 300; i++) {
                worker.send("lossy", new Note("x".repeat(50_000), i));
            }
            for (int i = 0; i < 300; i++) {
                assertThat(next(heard)).isEqualTo("w1: 50000 " + i);
            }
        }
    }

    @Test
    void carriesRecordsInSmallDatagrams() throws Exception {
        coordinator.close();
        coordinator = AeronEndpoint.coordinator(options("narrow", KEY).mtu(1408).build());
        coordinator.listen(recorder(heard));
        try (AeronEndpoint worker =
                AeronEndpoint.join(options("w1", KEY).mtu(1408).build(), coordinator.address(), LIMIT)) {
            assertThat(next(heard)).isEqualTo("w1 joined");
            worker.send("narrow", new Note("x".repeat(1_000_000), 1));
            assertThat(next(heard)).isEqualTo("w1: 1000000 1");
            Channel<Map<String, INDArray>> out = worker.sender("narrow", SPEC);
            Channel<Map<String, INDArray>> in = coordinator.receiver("w1", SPEC);
            INDArray array = Nd4j.rand(DataType.FLOAT, 1, 500_000);
            out.send(Map.of("x", array.dup()), 0);
            assertThat(in.receive(LIMIT).get("x")).isEqualTo(array);
        }
    }

    private AeronEndpoint join(String id, SharedKey key) {
        return AeronEndpoint.join(options(id, key).build(), coordinator.address(), LIMIT);
    }

    static EndpointOptions.Builder options(String id, SharedKey key) {
        return EndpointOptions.builder(id, LoopbackNetworkTest.CODEC, key, EndpointOptions.loopback())
                .handOver(false);
    }

    static void awaitPeer(Endpoint endpoint, String peer) {
        await().atMost(LIMIT).until(() -> endpoint.peers().contains(peer));
    }

    static MessageListener recorder(BlockingQueue<String> heard) {
        return new MessageListener() {
            @Override
            public void received(String peer, Message message) {
                Note note = (Note) message;
                heard.add(peer + ": " + note.text().length() + " " + note.number());
            }

            @Override
            public void joined(String peer) {
                heard.add(peer + " joined");
            }

            @Override
            public void lost(String peer, String why) {
                heard.add(peer + " lost: " + why);
            }
        };
    }

    static String next(BlockingQueue<String> heard) throws InterruptedException {
        return heard.poll(20, TimeUnit.SECONDS);
    }
}
