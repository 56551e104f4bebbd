package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import com.sun.management.ThreadMXBean;
import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.transport.LoopbackNetworkTest.Note;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.lang.management.ManagementFactory;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.abstracts.Nd4jWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** What strangers send, and what a member sends that has gone mad. The long form is in profile {@code soak}. */
class HostileBytesTest {
    private static final int FRAMES = Integer.getInteger("sky.soak.frames", 20_000);
    /** Enough that the readers have been nearly everywhere they go. */
    private static final int WARM_UP = 5_000;
    /** Where the classes are that readers refer to by themselves. */
    private static final List<String> OF_THE_READERS =
            List.of("java.", "org.nd4j.", "org.bytedeco.", "org.tensorflow.framework.DataType", "io.github.skydl4j.");
    /** The limit that codecs and endpoints are given; reading a frame must not take more, on the heap or beside it. */
    private static final int LIMIT_BYTES = 1 << 20;

    /** Counts the arrays that are made in it. */
    private static final WorkspaceConfiguration COUNTED = WorkspaceConfiguration.builder()
            .initialSize(LIMIT_BYTES)
            .policyAllocation(AllocationPolicy.STRICT)
            .policyLearning(LearningPolicy.NONE)
            .policySpill(SpillPolicy.EXTERNAL)
            .build();

    /** What ND4J says of an array without elements in a workspace; outside it makes one, which takes nothing. */
    private static final String EMPTY_IN_WORKSPACE = "Length must be >= 1";

    /** By what a workspace pads an array; one takes several bytes of a frame. */
    private static final int MOST_PADDING = 32;

    private static final int DATAGRAMS_A_ROUND = 400;
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final HostileFrames frames = new HostileFrames(7);

    /** Something that reads frames, and what to give it. */
    private record Reading(Supplier<byte[]> source, Consumer<ByteBuffer> reader) {}

    @Test
    void noFrameGetsPastACodecOrMakesItAllocateOrLoadAClass() throws Exception {
        List<Reading> all = readings();
        for (Reading reading : all) {
            feed(WARM_UP, reading);
        }
        List<String> loads = ClassLoads.during(HostileBytesTest::isThisThread, () -> {
            for (Reading reading : all) {
                feed(FRAMES / all.size(), reading);
            }
        });
        assertThat(loads).filteredOn(load -> !isFirstUse(load)).isEmpty();
        assertThat(PlantedObject.hasRun()).isFalse();
    }

    /** What readers themselves refer to, which a rare kind of message or array needs late; never what frames name. */
    private static boolean isFirstUse(String load) {
        return !load.startsWith(Bait.class.getName()) && OF_THE_READERS.stream().anyMatch(load::startsWith);
    }

    @Test
    void aReaderThatBelievesNamesWouldBeSeen() throws Exception {
        List<byte[]> objects = List.of(Bait.bytes(Bait.SWALLOWED));
        Reading reading = new Reading(() -> frames.next(objects), HostileBytesTest::readObject);
        List<String> loads = ClassLoads.during(HostileBytesTest::isThisThread, () -> feed(1000, reading));
        assertThat(loads)
                .contains(Bait.SWALLOWED + " on " + Thread.currentThread().getName());
    }

    @Test
    void aReaderThatBelievesLengthsWouldBeSeen() {
        Supplier<byte[]> source = () -> new byte[] {1};
        Reading onHeap = new Reading(
                source, frame -> assertThat(new byte[LIMIT_BYTES + 1]).isNotNull());
        Reading beside = new Reading(
                source,
                frame ->
                        assertThat(Nd4j.create(DataType.INT8, 2L * LIMIT_BYTES)).isNotNull());
        assertThatThrownBy(() -> feed(1, onHeap))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("on the heap");
        assertThatThrownBy(() -> feed(1, beside))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("beside it");
    }

    @Test
    void trafficGoesOnBesideHostileDatagrams(@TempDir Path buffers) throws Exception {
        ConcurrentLinkedQueue<Throwable> escaped = new ConcurrentLinkedQueue<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> escaped.add(thrown));
        try (Besieged members = new Besieged(buffers)) {
            for (int sent = 0; sent < WARM_UP; sent += DATAGRAMS_A_ROUND) {
                members.round(frames);
            }
            long bufferBytes = bytes(buffers);
            List<String> loads = ClassLoads.during(HostileBytesTest::isOfAnEndpoint, () -> {
                for (int sent = 0; sent < FRAMES; sent += DATAGRAMS_A_ROUND) {
                    long allocated = allocatedByEndpoints();
                    members.round(frames);
                    // Of all datagrams of the round together, which is no more than one of them may take.
                    assertThat(allocatedByEndpoints() - allocated).isLessThan(LIMIT_BYTES);
                }
            });
            // Aeron loads parts of its own when their time has come; it looks no class up by a name.
            assertThat(loads).allMatch(load -> load.startsWith("io.aeron.") || load.startsWith("org.agrona."));
            assertThat(bytes(buffers)).isEqualTo(bufferBytes);
            members.requireAtPeace();
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertThat(escaped).isEmpty();
        assertThat(PlantedObject.hasRun()).isFalse();
    }

    @Test
    void anEndpointThatBelievesNamesWouldBeSeen(@TempDir Path buffers) throws Exception {
        MessageCodec gullible = MessageCodec.of(new MessageType<>(
                100, Note.class, (note, out) -> out.text(note.text()), in -> new Note(loaded(in.text()), 0)));
        BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        SharedKey key = SharedKey.random();
        try (AeronEndpoint coordinator = AeronEndpoint.coordinator(options(gullible, "coordinator", key, buffers));
                AeronEndpoint worker =
                        AeronEndpoint.join(options(gullible, "w1", key, buffers), coordinator.address(), LIMIT)) {
            coordinator.listen(AeronEndpointTest.recorder(heard));
            assertThat(AeronEndpointTest.next(heard)).isEqualTo("w1 joined");
            List<String> loads = ClassLoads.during(HostileBytesTest::isOfAnEndpoint, () -> {
                worker.send("coordinator", new Note(Bait.BITTEN, 0));
                assertThat(AeronEndpointTest.next(heard)).isNotNull();
            });
            assertThat(loads).contains(Bait.BITTEN + " on sky-network-coordinator");
        }
    }

    private List<Reading> readings() throws IOException {
        MessageCodec codec = SampleFrames.codec(LIMIT_BYTES);
        Consumer<ByteBuffer> messages = bytes -> codec.read(new WireReader(bytes));
        Consumer<ByteBuffer> heads =
                bytes -> new TensorUnpacker(new WireReader(bytes), LIMIT_BYTES).finish(TensorForm.gradients());
        RecordOpener opener = SampleFrames.opener();
        Consumer<ByteBuffer> records = bytes -> opener.open(opener.expect(bytes), bytes, ByteBuffer.allocate(1000));
        return List.of(
                new Reading(hostile(SampleFrames.messages(codec)), messages),
                new Reading(everyNumber(), messages),
                new Reading(hostile(SampleFrames.doorPackets(SharedKey.random())), DoorPacket::read),
                new Reading(hostile(SampleFrames.tensorHeads()), heads),
                new Reading(hostile(SampleFrames.records()), records));
    }

    private Supplier<byte[]> hostile(List<byte[]> samples) {
        return () -> frames.next(samples);
    }

    /** Beginnings of messages of each number in turn, with noise behind. */
    private Supplier<byte[]> everyNumber() {
        int[] turn = {0};
        return () -> frames.next(new byte[] {MessageCodec.VERSION, (byte) turn[0]++, 0});
    }

    /** Reads so many frames; whatever is thrown for one that is not good must be the codec's own exception. */
    private static void feed(int count, Reading reading) {
        long thread = Thread.currentThread().getId();
        for (int i = 0; i < count; i++) {
            byte[] frame = reading.source().get();
            try (Nd4jWorkspace arrays =
                    (Nd4jWorkspace) Nd4j.getWorkspaceManager().getAndActivateWorkspace(COUNTED, "frame")) {
                long before = THREADS.getThreadAllocatedBytes(thread);
                read(frame, reading.reader());
                requireWithinLimit("on the heap", THREADS.getThreadAllocatedBytes(thread) - before, frame);
                long padding = MOST_PADDING * (long) frame.length;
                requireWithinLimit("beside it", arrays.getThisCycleAllocations() - padding, frame);
            }
        }
    }

    private static void read(byte[] frame, Consumer<ByteBuffer> reader) {
        try {
            reader.accept(ByteBuffer.wrap(frame));
        } catch (MalformedFrameException e) {
            // as it should be
        } catch (RuntimeException | Error e) {
            if (EMPTY_IN_WORKSPACE.equals(e.getMessage())
                    && Nd4j.getMemoryManager().getCurrentWorkspace() != null) {
                readUncounted(frame, reader);
            } else {
                fail("frame " + HexFormat.of().formatHex(frame), e);
            }
        }
    }

    private static void readUncounted(byte[] frame, Consumer<ByteBuffer> reader) {
        MemoryWorkspace counting = Nd4j.getMemoryManager().getCurrentWorkspace();
        Nd4j.getMemoryManager().setCurrentWorkspace(null);
        try {
            read(frame, reader);
        } finally {
            Nd4j.getMemoryManager().setCurrentWorkspace(counting);
        }
    }

    private static void requireWithinLimit(String where, long bytes, byte[] frame) {
        if (bytes > LIMIT_BYTES) {
            fail(bytes + " bytes taken " + where + " for frame "
                    + HexFormat.of().formatHex(frame));
        }
    }

    /** As the parameter server's own transport reads what comes. */
    private static void readObject(ByteBuffer frame) {
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(frame.array()))) {
            in.readObject();
        } catch (IOException | ClassNotFoundException | RuntimeException e) {
            throw new MalformedFrameException("no object");
        }
    }

    private static String loaded(String name) {
        try {
            return Class.forName(name, false, HostileBytesTest.class.getClassLoader())
                    .getName();
        } catch (ClassNotFoundException e) {
            throw new MalformedFrameException("no class " + name);
        }
    }

    private static EndpointOptions options(MessageCodec codec, String id, SharedKey key, Path buffers) {
        return EndpointOptions.builder(id, codec, key, EndpointOptions.loopback())
                .handOver(false)
                .maxMessageBytes(LIMIT_BYTES)
                .memoryFolder(buffers)
                .build();
    }

    private static boolean isThisThread(String name) {
        return name.equals(Thread.currentThread().getName());
    }

    /** The threads of endpoints and of Aeron beneath them. */
    private static boolean isOfAnEndpoint(String name) {
        return name.startsWith("sky-") || name.contains("driver") || name.contains("aeron");
    }

    private static long allocatedByEndpoints() {
        return Arrays.stream(THREADS.getThreadInfo(THREADS.getAllThreadIds()))
                .filter(thread -> thread != null && isOfAnEndpoint(thread.getThreadName()))
                .mapToLong(thread -> THREADS.getThreadAllocatedBytes(thread.getThreadId()))
                .sum();
    }

    private static long bytes(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.mapToLong(file -> file.toFile().length()).sum();
        }
    }

    /** A coordinator and a worker that talk to each other, and a stranger who sends to the coordinator's ports. */
    private static final class Besieged implements AutoCloseable {
        private final SharedKey key = SharedKey.random();
        private final BlockingQueue<String> heard = new LinkedBlockingQueue<>();
        private final List<byte[]> atDoor = SampleFrames.doorPackets(key);
        private final List<byte[]> atData = SampleFrames.aeronFrames();
        private final AeronEndpoint coordinator;
        private final AeronEndpoint worker;
        private final DatagramSocket stranger;
        private final Channel<Map<String, INDArray>> out;
        private final Channel<Map<String, INDArray>> in;
        private int rounds;

        Besieged(Path buffers) throws IOException, InterruptedException {
            MessageCodec codec = LoopbackNetworkTest.CODEC;
            coordinator = AeronEndpoint.coordinator(options(codec, "coordinator", key, buffers));
            worker = AeronEndpoint.join(options(codec, "w1", key, buffers), coordinator.address(), LIMIT);
            stranger = new DatagramSocket(0, InetAddress.getLoopbackAddress());
            coordinator.listen(AeronEndpointTest.recorder(heard));
            assertThat(AeronEndpointTest.next(heard)).isEqualTo("w1 joined");
            ChannelSpec<Map<String, INDArray>> spec = new ChannelSpec<>(1, 3, TensorForm.gradients(), WireType.EXACT);
            out = worker.sender("coordinator", spec);
            in = coordinator.receiver("w1", spec);
        }

        /** Many hostile datagrams, then a message and a tensor, which arrive. */
        void round(HostileFrames frames) throws IOException, InterruptedException {
            InetSocketAddress door = coordinator.address();
            InetSocketAddress data = new InetSocketAddress(door.getAddress(), coordinator.dataPort());
            for (int i = 0; i < DATAGRAMS_A_ROUND / 2; i++) {
                send(frames.next(atDoor), door);
                send(frames.next(atData), data);
            }
            int round = rounds++;
            INDArray array = Nd4j.valueArrayOf(1000, (float) round);
            worker.send("coordinator", new Note("still here", round));
            out.send(Map.of("x", array.dup()), 0);
            assertThat(AeronEndpointTest.next(heard)).isEqualTo("w1: 10 " + round);
            assertThat(in.receive(LIMIT).get("x")).isEqualTo(array);
        }

        void requireAtPeace() {
            assertThat(coordinator.peers()).containsExactly("w1");
        }

        private void send(byte[] bytes, InetSocketAddress to) throws IOException {
            stranger.send(new DatagramPacket(bytes, bytes.length, to));
        }

        @Override
        public void close() {
            stranger.close();
            worker.close();
            coordinator.close();
        }
    }
}
