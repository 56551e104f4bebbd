package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.pipeline.ChannelClosedException;
import io.github.skydl4j.plan.WireType;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.nn.api.MaskState;
import org.junit.jupiter.api.Test;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class LoopbackNetworkTest {
    private static final Duration LIMIT = Duration.ofSeconds(10);

    record Note(String text, long number) implements Message {}

    record Unlisted() implements Message {}

    static final MessageCodec CODEC = MessageCodec.of(new MessageType<>(
            100,
            Note.class,
            (note, out) -> {
                out.text(note.text());
                out.i64(note.number());
            },
            in -> new Note(in.text(), in.i64())));

    private final LoopbackNetwork network = new LoopbackNetwork(CODEC);
    private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();

    private final MessageListener listener = new MessageListener() {
        @Override
        public void received(String peer, Message message) {
            heard.add(peer + " says " + message);
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

    @Test
    void tellsWhoJoinsWhatIsSaidAndWhoIsLostInThatOrder() throws Exception {
        try (Endpoint a = network.join("a");
                Endpoint b = network.join("b")) {
            b.send("a", new Note("first", 1));
            b.send("a", new Note("second", 2));
            a.listen(listener);
            assertThat(next()).isEqualTo("b joined");
            assertThat(next()).isEqualTo("b says Note[text=first, number=1]");
            assertThat(next()).isEqualTo("b says Note[text=second, number=2]");
            network.drop("b");
            assertThat(next()).isEqualTo("b lost: no sign of life");
            assertThat(a.peers()).isEmpty();
            assertThatThrownBy(() -> a.send("b", new Note("late", 3))).isInstanceOf(PeerLostException.class);
            assertThatThrownBy(() -> b.send("a", new Note("late", 3))).isInstanceOf(PeerLostException.class);
        }
    }

    @Test
    void tellsALateListenerWhoIsThere() throws Exception {
        try (Endpoint a = network.join("a");
                Endpoint b = network.join("b")) {
            assertThat(b.peers()).containsExactly("a");
            a.listen(new MessageListener() {
                @Override
                public void received(String peer, Message message) {
                    heard.add("first listener");
                }
            });
            b.send("a", new Note("x", 1));
            assertThat(next()).isEqualTo("first listener");
            a.listen(listener);
            assertThat(next()).isEqualTo("b joined");
        }
    }

    @Test
    void refusesMessagesOfAnOlderEpoch() throws Exception {
        try (Endpoint a = network.join("a");
                Endpoint b = network.join("b")) {
            a.listen(listener);
            assertThat(next()).isEqualTo("b joined");
            a.epoch(2);
            b.send("a", new Note("old", 1));
            b.epoch(2);
            b.send("a", new Note("new", 2));
            assertThat(next()).isEqualTo("b says Note[text=new, number=2]");
            assertThatThrownBy(() -> a.epoch(1)).hasMessage("epoch 1 is older than the current 2");
        }
    }

    @Test
    void refusesToSendWhatIsNotListed() {
        try (Endpoint a = network.join("a");
                Endpoint b = network.join("b")) {
            assertThatThrownBy(() -> a.send(b.id(), new Unlisted()))
                    .hasMessage("Unlisted may not travel: it is not listed in the codec");
        }
    }

    @Test
    void carriesBoundaryTensorsWithMasks() {
        try (Endpoint a = network.join("a");
                Endpoint b = network.join("b")) {
            ChannelSpec<Map<String, BoundaryTensor>> spec =
                    new ChannelSpec<>(7, 2, TensorForm.activations(), WireType.EXACT);
            Channel<Map<String, BoundaryTensor>> in = b.receiver("a", spec);
            Channel<Map<String, BoundaryTensor>> out = a.sender("b", spec);
            INDArray masked = Nd4j.rand(DataType.FLOAT, 4, 3);
            INDArray view = Nd4j.rand(DataType.DOUBLE, 6, 5).transpose();
            INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 1);
            out.send(
                    Map.of(
                            "u1", new BoundaryTensor(masked, Pair.makePair(mask, MaskState.Active)),
                            "u2", new BoundaryTensor(view, Pair.makePair(null, MaskState.Passthrough)),
                            "u3", new BoundaryTensor(mask, null)),
                    0);
            Map<String, BoundaryTensor> received = in.receive(LIMIT);
            assertThat(received).containsOnlyKeys("u1", "u2", "u3");
            assertThat(received.get("u1").activations()).isEqualTo(masked).isNotSameAs(masked);
            assertThat(received.get("u1").mask()).isEqualTo(Pair.makePair(mask, MaskState.Active));
            assertThat(received.get("u2").activations()).isEqualTo(view);
            assertThat(received.get("u2").mask()).isEqualTo(Pair.makePair(null, MaskState.Passthrough));
            assertThat(received.get("u3").mask()).isNull();
        }
    }

    @Test
    void roundsGradientsWhereTheChannelSaysSo() {
        try (Endpoint a = network.join("a");
                Endpoint b = network.join("b")) {
            ChannelSpec<Map<String, INDArray>> spec =
                    new ChannelSpec<>(1, 1, TensorForm.gradients(), WireType.BFLOAT16);
            INDArray gradient = Nd4j.createFromArray(1.0f, -2.5f, 3.1415927f);
            a.sender("b", spec).send(Map.of("u", gradient), 0);
            INDArray received = b.receiver("a", spec).receive(LIMIT).get("u");
            assertThat(received.dataType()).isEqualTo(DataType.FLOAT);
            assertThat(received.toFloatVector()).containsExactly(1.0f, -2.5f, 3.140625f);
        }
    }

    @Test
    void closingOneEndReleasesTheOther() {
        try (Endpoint a = network.join("a");
                Endpoint b = network.join("b")) {
            ChannelSpec<Map<String, INDArray>> spec = new ChannelSpec<>(1, 1, TensorForm.gradients(), WireType.EXACT);
            Channel<Map<String, INDArray>> in = b.receiver("a", spec);
            Channel<Map<String, INDArray>> out = a.sender("b", spec);
            out.close();
            assertThatThrownBy(() -> in.receive(LIMIT)).isInstanceOf(ChannelClosedException.class);
            Channel<Map<String, INDArray>> again = a.sender("b", spec);
            network.drop("a");
            assertThatThrownBy(() -> again.send(Map.of(), 0)).isInstanceOf(ChannelClosedException.class);
        }
    }

    private String next() throws InterruptedException {
        return heard.poll(10, TimeUnit.SECONDS);
    }
}
