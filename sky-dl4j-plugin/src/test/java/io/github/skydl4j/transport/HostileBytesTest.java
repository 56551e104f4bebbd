package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.github.skydl4j.cluster.ClusterCodec;
import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.transport.DoorPacket.Confirmation;
import io.github.skydl4j.transport.DoorPacket.Hello;
import io.github.skydl4j.transport.DoorPacket.Nonce;
import io.github.skydl4j.transport.DoorPacket.Place;
import io.github.skydl4j.transport.DoorPacket.Refusal;
import io.github.skydl4j.transport.DoorPacket.Welcome;
import io.github.skydl4j.transport.LoopbackNetworkTest.Note;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.parameterserver.distributed.v2.messages.impl.GradientsUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.handshake.HandshakeRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.ModelParametersMessage;

/** What strangers send, and what a member sends that has gone mad. The long form is in profile {@code soak}. */
class HostileBytesTest {
    private static final int FRAMES = Integer.getInteger("sky.soak.frames", 20_000);
    /** The limit that the codecs are given for arrays; reading a frame must not take more on the heap either. */
    private static final int LIMIT_BYTES = 1 << 20;

    private static final int DATAGRAMS_A_ROUND = 400;
    private static final Duration LIMIT = Duration.ofSeconds(20);

    private final HostileFrames frames = new HostileFrames(7);

    @Test
    void noFrameGetsPastACodecOrMakesItAllocate() throws IOException {
        MessageCodec codec = codec();
        List<byte[]> messages = messages(codec);
        List<byte[]> beginnings = new ArrayList<>();
        for (int number = 0; number < 256; number++) {
            beginnings.add(new byte[] {MessageCodec.VERSION, (byte) number, 0});
        }
        int part = FRAMES / 5;
        feed(part, () -> frames.next(messages), bytes -> codec.read(new WireReader(bytes)));
        feed(part, cycle(beginnings), bytes -> codec.read(new WireReader(bytes)));
        List<byte[]> packets = packets();
        feed(part, () -> frames.next(packets), DoorPacket::read);
        List<byte[]> heads = List.of(head());
        feed(
                part,
                () -> frames.next(heads),
                bytes -> new TensorUnpacker(new WireReader(bytes), LIMIT_BYTES).finish(TensorForm.gradients()));
        List<byte[]> records = List.of(record());
        RecordOpener opener = new RecordOpener(new SecretKeySpec(new byte[32], "AES"), 7);
        feed(
                part,
                () -> frames.next(records),
                bytes -> opener.open(opener.expect(bytes), bytes, ByteBuffer.allocate(1000)));
        assertThat(PlantedObject.hasRun()).isFalse();
    }

    @Test
    void trafficGoesOnBesideHostileDatagrams() throws Exception {
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        ConcurrentLinkedQueue<Throwable> escaped = new ConcurrentLinkedQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> escaped.add(thrown));
        SharedKey key = SharedKey.random();
        try (AeronEndpoint coordinator = AeronEndpoint.coordinator(
                        AeronEndpointTest.options("coordinator", key).build());
                AeronEndpoint worker =
                        AeronEndpoint.join(AeronEndpointTest.options("w1", key).build(), coordinator.address(), LIMIT);
                DatagramSocket stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
            coordinator.listen(AeronEndpointTest.recorder(heard));
            assertThat(AeronEndpointTest.next(heard)).isEqualTo("w1 joined");
            ChannelSpec<Map<String, INDArray>> spec = new ChannelSpec<>(1, 3, TensorForm.gradients(), WireType.EXACT);
            Channel<Map<String, INDArray>> out = worker.sender("coordinator", spec);
            Channel<Map<String, INDArray>> in = coordinator.receiver("w1", spec);
            List<byte[]> atDoor = packets(key);
            List<byte[]> atData = aeronFrames();
            InetSocketAddress data = new InetSocketAddress(coordinator.address().getAddress(), coordinator.dataPort());
            for (int round = 0; round < FRAMES / DATAGRAMS_A_ROUND; round++) {
                for (int i = 0; i < DATAGRAMS_A_ROUND / 2; i++) {
                    send(stranger, frames.next(atDoor), coordinator.address());
                    send(stranger, frames.next(atData), data);
                }
                worker.send("coordinator", new Note("still here", round));
                INDArray array = Nd4j.valueArrayOf(1000, (float) round);
                out.send(Map.of("x", array), 0);
                assertThat(AeronEndpointTest.next(heard)).isEqualTo("w1: 10 " + round);
                assertThat(in.receive(LIMIT).get("x")).isEqualTo(array);
            }
            assertThat(coordinator.peers()).containsExactly("w1");
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(escaped).isEmpty();
        assertThat(PlantedObject.hasRun()).isFalse();
    }

    private Supplier<byte[]> cycle(List<byte[]> beginnings) {
        int[] turn = {0};
        return () -> frames.next(beginnings.get(turn[0]++ % beginnings.size()));
    }

    /** Reads so many frames; whatever is thrown for one that is not good must be the codec's own exception. */
    private static void feed(int count, Supplier<byte[]> source, Consumer<ByteBuffer> reader) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long thread = Thread.currentThread().getId();
        for (int i = 0; i < count; i++) {
            byte[] frame = source.get();
            long before = threads.getThreadAllocatedBytes(thread);
            try {
                reader.accept(ByteBuffer.wrap(frame));
            } catch (MalformedFrameException e) {
                // as it should be
            } catch (RuntimeException | Error e) {
                fail("frame " + HexFormat.of().formatHex(frame), e);
            }
            long allocated = threads.getThreadAllocatedBytes(thread) - before;
            if (allocated > LIMIT_BYTES) {
                fail(allocated + " bytes allocated for frame " + HexFormat.of().formatHex(frame));
            }
        }
    }

    private static MessageCodec codec() {
        List<MessageType<?>> types = new ArrayList<>(SkyTransport.messages(LIMIT_BYTES));
        types.addAll(ClusterCodec.types());
        return MessageCodec.of(types);
    }

    /** Good messages of the parameter server, and one that is no message but an object. */
    private static List<byte[]> messages(MessageCodec codec) throws IOException {
        GradientsUpdateMessage update = new GradientsUpdateMessage("id", Nd4j.rand(DataType.FLOAT, 3, 4));
        update.setOriginatorId("w1");
        ModelParametersMessage parameters = new ModelParametersMessage("id", Nd4j.rand(DataType.FLOAT, 1, 9));
        parameters.setOriginatorId("coordinator");
        parameters.setRequestId("question");
        HandshakeRequest handshake = new HandshakeRequest();
        handshake.setOriginatorId("w1");
        handshake.setRequestId("question");
        return List.of(
                bytes(codec, new ParameterMessage(update, 0)),
                bytes(codec, new ParameterMessage(update, 5)),
                bytes(codec, new ParameterMessage(parameters, 0)),
                bytes(codec, new ParameterMessage(handshake, 0)),
                bytes(codec, new ArrayPart(5, ByteBuffer.wrap(new byte[48]))),
                PlantedObject.bytes());
    }

    private static byte[] bytes(MessageCodec codec, Message message) {
        WireWriter out = new WireWriter(1 << 16);
        codec.write(message, out);
        return out.toBytes();
    }

    private static List<byte[]> packets() throws IOException {
        return packets(SharedKey.random());
    }

    /** What is said at a door, with good macs, and an object. */
    private static List<byte[]> packets(SharedKey key) throws IOException {
        byte[] doorKey = LinkKeys.doorKey(key);
        Nonce nonce = new Nonce(new byte[DoorPacket.RANDOM_BYTES]);
        Place place = new Place(5, 4000, 70_000);
        return List.of(
                DoorPacket.write(new Hello("w1", "", nonce, place), doorKey),
                DoorPacket.write(new Hello("w9", "coordinator", nonce, place), doorKey),
                DoorPacket.write(new Welcome("w1", "coordinator", nonce, nonce, place), doorKey),
                DoorPacket.write(new Confirmation(nonce, nonce), doorKey),
                DoorPacket.write(new Refusal(nonce, DoorPacket.WRONG_KEY), doorKey),
                PlantedObject.bytes());
    }

    private static byte[] head() {
        return TensorPacker.of(
                        Map.of("a", Nd4j.rand(DataType.FLOAT, 3, 4), "b", Nd4j.scalar(1.0)),
                        TensorForm.gradients(),
                        WireType.EXACT)
                .head()
                .toBytes();
    }

    private static byte[] record() {
        RecordSealer sealer = new RecordSealer(new SecretKeySpec(new byte[32], "AES"), 7);
        ByteBuffer frame = ByteBuffer.allocate(RecordSealer.frameBytes(100));
        sealer.seal(RecordKind.ELEMENTS, 5, ByteBuffer.allocate(100), frame);
        return frame.array();
    }

    /** Aeron's own frames, of data and of a set-up that asks for large buffers, of a session that a stranger guesses. */
    private static List<byte[]> aeronFrames() throws IOException {
        byte[] planted = PlantedObject.bytes();
        ByteBuffer dataFrame = ByteBuffer.allocate(32 + planted.length).order(ByteOrder.LITTLE_ENDIAN);
        dataFrame.putInt(32 + planted.length).put((byte) 0).put((byte) 0xC0).putShort((short) 1);
        dataFrame
                .putInt(0)
                .putInt(70_000)
                .putInt(AeronUri.STREAM)
                .putInt(1)
                .putLong(0)
                .put(planted);
        ByteBuffer setup = ByteBuffer.allocate(40).order(ByteOrder.LITTLE_ENDIAN);
        setup.putInt(40).put((byte) 0).put((byte) 0).putShort((short) 5);
        setup.putInt(0)
                .putInt(70_000)
                .putInt(AeronUri.STREAM)
                .putInt(1)
                .putInt(1)
                .putInt(1 << 30)
                .putInt(1408)
                .putInt(0);
        return List.of(dataFrame.array(), setup.array(), planted);
    }

    private static void send(DatagramSocket socket, byte[] bytes, InetSocketAddress to) throws IOException {
        socket.send(new DatagramPacket(bytes, bytes.length, to));
    }
}
