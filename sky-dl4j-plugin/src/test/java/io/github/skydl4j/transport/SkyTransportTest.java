package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.parameterserver.distributed.conf.VoidConfiguration;
import org.nd4j.parameterserver.distributed.v2.ModelParameterServer;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.ModelParametersMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.ModelParametersRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.ping.PingMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.ping.PongMessage;
import org.nd4j.parameterserver.distributed.v2.util.AbstractSubscriber;
import org.nd4j.parameterserver.distributed.v2.util.AbstractUpdatesHandler;

/** DL4J's own parameter server, unchanged, on our transport. */
class SkyTransportTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final MessageCodec CODEC = MessageCodec.of(SkyTransport.messages(1L << 30));

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final LoopbackNetwork network = new LoopbackNetwork(CODEC);

    /** A parameter server with what it has heard. */
    private static final class Server {
        final SkyTransport transport;
        final ModelParameterServer server;
        final INDArray parameters;
        final BlockingQueue<INDArray> updates = new LinkedBlockingQueue<>();
        final BlockingQueue<INDArray> modelParameters = new LinkedBlockingQueue<>();
        final BlockingQueue<INDArray> updaterParameters = new LinkedBlockingQueue<>();

        Server(Endpoint endpoint, boolean root, INDArray parameters, INDArray updaterState) {
            VoidConfiguration configuration = VoidConfiguration.builder().build();
            this.parameters = parameters;
            transport = new SkyTransport(endpoint, "root", configuration, LIMIT);
            server = new ModelParameterServer(configuration, transport, root);
            if (!root) {
                server.configure(configuration, transport, () -> updaterState);
            }
            server.addUpdatesSubscriber(new AbstractUpdatesHandler() {
                @Override
                public void onNext(INDArray update) {
                    updates.add(update);
                }

                @Override
                public INDArray getParametersArray() {
                    return parameters;
                }
            });
            server.addModelParamsSubscriber(into(modelParameters));
            server.addUpdaterParamsSubscriber(into(updaterParameters));
        }

        private static AbstractSubscriber<INDArray> into(BlockingQueue<INDArray> queue) {
            return new AbstractSubscriber<>() {
                @Override
                public void onNext(INDArray array) {
                    queue.add(array);
                }
            };
        }
    }

    @AfterEach
    void closeAll() throws Exception {
        for (int i = toClose.size() - 1; i >= 0; i--) {
            toClose.get(i).close();
        }
    }

    @Test
    void carriesUpdatesFromEachMemberToAllOthers() throws Exception {
        Server root = launch(network.join("root"), true, 10);
        Server a = launch(network.join("a"), false, 10);
        Server b = launch(network.join("b"), false, 10);
        assertThat(a.transport.isIntroduced()).isTrue();
        INDArray update = Nd4j.createFromArray(1.0f, 2, 3);
        a.server.sendUpdate(update, 5, 2);
        assertThat(next(root.updates)).isEqualTo(update);
        assertThat(next(b.updates)).isEqualTo(update);
        root.server.sendUpdate(update.mul(2), 6, 2);
        assertThat(next(a.updates)).isEqualTo(update.mul(2));
        assertThat(next(b.updates)).isEqualTo(update.mul(2));
        assertThat(root.server.getStartPosition().getFirst()).isEqualTo(5);
        assertThat(a.updates).as("no member hears its own update").isEmpty();
    }

    /** The stock transport on two cores: the root's only thread waited for an answer that it should have handled itself. */
    @Test
    void aMemberThatJoinsAnewIsGivenModelAndUpdaterParameters() throws Exception {
        Server root = launch(network.join("root"), true, 300_000);
        Server stays = launch(network.join("stays"), false, 10);
        launch(network.join("goes"), false, 10);
        network.drop("goes");
        root.server.sendUpdate(Nd4j.createFromArray(1.0f), 1, 0);
        assertThat(next(stays.updates)).as("a dead member holds nobody up").isNotNull();
        Server again = launch(network.join("goes"), false, 10);
        assertThat(next(again.modelParameters)).isEqualTo(root.parameters);
        assertThat(next(again.updaterParameters)).isEqualTo(Nd4j.valueArrayOf(7, 0.5f));
    }

    @Test
    void aLoneMemberThatJoinsAnewIsGivenModelParametersAlone() throws Exception {
        Server root = launch(network.join("root"), true, 10);
        launch(network.join("goes"), false, 10);
        network.drop("goes");
        Server again = launch(network.join("goes"), false, 10);
        assertThat(next(again.modelParameters)).isEqualTo(root.parameters);
        assertThat(again.updaterParameters).isEmpty();
    }

    @Test
    void answersAPing() throws Exception {
        launch(network.join("root"), true, 10);
        Server a = launch(network.join("a"), false, 10);
        PongMessage pong = a.transport.sendMessageBlocking(new PingMessage(), "root", 10, TimeUnit.SECONDS);
        assertThat(pong).isNotNull();
    }

    @Test
    void everyWaitEnds() throws Exception {
        Endpoint silent = network.join("root");
        Endpoint member = network.join("a");
        toClose.add(silent);
        toClose.add(member);
        SkyTransport transport =
                new SkyTransport(member, "root", VoidConfiguration.builder().build(), Duration.ofMillis(200));
        assertThatThrownBy(transport::launch)
                .hasMessage("no answer from root to HandshakeRequest within 0 s: is its parameter server launched?");
        PongMessage none = transport.sendMessageBlocking(new PingMessage(), "root", 100, TimeUnit.MILLISECONDS);
        assertThat(none).isNull();
        network.drop("root");
        assertThatThrownBy(() -> transport.sendMessageBlocking(new PingMessage(), "root", 1, TimeUnit.HOURS))
                .hasMessageContaining("root cannot be reached");
    }

    @Test
    void worksOverAeronWithLargeParameters() throws Exception {
        SharedKey key = SharedKey.random();
        AeronEndpoint rootEndpoint =
                AeronEndpoint.coordinator(EndpointOptions.builder("root", CODEC, key, EndpointOptions.loopback())
                        .build());
        toClose.add(rootEndpoint);
        Server root = launch(rootEndpoint, true, 10_000_000);
        AeronEndpoint memberEndpoint = AeronEndpoint.join(
                EndpointOptions.builder("a", CODEC, key, EndpointOptions.loopback())
                        .build(),
                rootEndpoint.address(),
                LIMIT);
        toClose.add(memberEndpoint);
        Server a = launch(memberEndpoint, false, 10);
        ModelParametersMessage parameters = a.transport.sendMessageBlocking(
                new ModelParametersRequest(), "root", LIMIT.toSeconds(), TimeUnit.SECONDS);
        assertThat(parameters.getPayload()).isEqualTo(root.parameters);
        INDArray update = Nd4j.rand(DataType.FLOAT, 1, 1_000_000);
        a.server.sendUpdate(update, 1, 1);
        assertThat(next(root.updates)).isEqualTo(update);
    }

    private Server launch(Endpoint endpoint, boolean root, int parameters) {
        toClose.add(endpoint);
        Server server =
                new Server(endpoint, root, Nd4j.rand(DataType.FLOAT, 1, parameters), Nd4j.valueArrayOf(7, 0.5f));
        toClose.add(server.server::shutdown);
        Awaitility.await().atMost(LIMIT).until(() -> root || endpoint.peers().contains("root"));
        server.server.launch();
        return server;
    }

    private static INDArray next(BlockingQueue<INDArray> queue) throws InterruptedException {
        return queue.poll(20, TimeUnit.SECONDS);
    }
}
