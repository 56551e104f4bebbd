package io.github.skydl4j.transport;

import io.github.skydl4j.cluster.ClusterCodec;
import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.transport.DoorPacket.Confirmation;
import io.github.skydl4j.transport.DoorPacket.Hello;
import io.github.skydl4j.transport.DoorPacket.Nonce;
import io.github.skydl4j.transport.DoorPacket.Place;
import io.github.skydl4j.transport.DoorPacket.Refusal;
import io.github.skydl4j.transport.DoorPacket.Welcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.crypto.spec.SecretKeySpec;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.parameterserver.distributed.v2.messages.impl.GradientsUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.messages.impl.MeshUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.handshake.HandshakeRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.handshake.HandshakeResponse;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.ModelParametersMessage;
import org.nd4j.parameterserver.distributed.v2.util.MeshOrganizer;

/**
 * Good frames of all that is read from the network, which hostile ones are made of. Each kind has a serialized object among
 * them, and where there is room for a text, it is the name of a class that nobody uses: {@link Bait}.
 */
final class SampleFrames {
    private static final String BAIT = Bait.NAME;

    private SampleFrames() {}

    static MessageCodec codec(int limitBytes) {
        List<MessageType<?>> types = new ArrayList<>(SkyTransport.messages(limitBytes));
        types.addAll(ClusterCodec.types());
        return MessageCodec.of(types);
    }

    /** Messages of the parameter server, and a part of an array. */
    static List<byte[]> messages(MessageCodec codec) throws IOException {
        GradientsUpdateMessage update = new GradientsUpdateMessage(BAIT, Nd4j.rand(DataType.FLOAT, 3, 4));
        update.setOriginatorId("w1");
        ModelParametersMessage parameters = new ModelParametersMessage("id", Nd4j.rand(DataType.FLOAT, 1, 9));
        parameters.setOriginatorId(BAIT);
        parameters.setRequestId("question");
        HandshakeRequest handshake = new HandshakeRequest();
        handshake.setOriginatorId("w1");
        handshake.setRequestId(BAIT);
        MeshOrganizer mesh = new MeshOrganizer();
        MeshUpdateMessage meshUpdate = new MeshUpdateMessage(mesh);
        meshUpdate.setOriginatorId("w1");
        HandshakeResponse answer = HandshakeResponse.builder().mesh(mesh).build();
        answer.setOriginatorId(BAIT);
        return List.of(
                bytes(codec, new ParameterMessage(update, 0)),
                bytes(codec, new ParameterMessage(update, 5)),
                bytes(codec, new ParameterMessage(parameters, 0)),
                bytes(codec, new ParameterMessage(handshake, 0)),
                bytes(codec, new ParameterMessage(answer, 0)),
                bytes(codec, new ParameterMessage(meshUpdate, 0)),
                bytes(codec, new ArrayPart(5, ByteBuffer.wrap(new byte[48]))),
                PlantedObject.bytes(),
                Bait.bytes());
    }

    private static byte[] bytes(MessageCodec codec, Message message) {
        WireWriter out = new WireWriter(1 << 16);
        codec.write(message, out);
        return out.toBytes();
    }

    /** What is said at a door, with good macs. */
    static List<byte[]> doorPackets(SharedKey key) throws IOException {
        byte[] doorKey = LinkKeys.doorKey(key);
        Nonce nonce = new Nonce(new byte[DoorPacket.RANDOM_BYTES]);
        Place place = new Place(5, 4000, 70_000);
        return List.of(
                DoorPacket.write(new Hello("w1", "", nonce, place), doorKey),
                DoorPacket.write(new Hello(BAIT, "coordinator", nonce, place), doorKey),
                DoorPacket.write(new Welcome("w1", BAIT, nonce, nonce, place), doorKey),
                DoorPacket.write(new Confirmation(nonce, nonce), doorKey),
                DoorPacket.write(new Refusal(nonce, DoorPacket.WRONG_KEY), doorKey),
                PlantedObject.bytes(),
                Bait.bytes());
    }

    /** The head of a message on a boundary channel. */
    static List<byte[]> tensorHeads() throws IOException {
        byte[] head = TensorPacker.of(
                        Map.of("a", Nd4j.rand(DataType.FLOAT, 3, 4), BAIT, Nd4j.scalar(1.0)),
                        TensorForm.gradients(),
                        WireType.EXACT)
                .head()
                .toBytes();
        return List.of(head, Bait.bytes());
    }

    static List<byte[]> records() {
        RecordSealer sealer = new RecordSealer(recordKey(), 7);
        ByteBuffer frame = ByteBuffer.allocate(RecordSealer.frameBytes(100));
        sealer.seal(RecordKind.ELEMENTS, 5, ByteBuffer.allocate(100), frame);
        return List.of(frame.array());
    }

    /** Opens what {@link #records} has sealed. */
    static RecordOpener opener() {
        return new RecordOpener(recordKey(), 7);
    }

    private static SecretKeySpec recordKey() {
        return new SecretKeySpec(new byte[32], "AES");
    }

    /** Aeron's own frames, of data and of a set-up that asks for large buffers, of a session that a stranger guesses. */
    static List<byte[]> aeronFrames() throws IOException {
        byte[] object = Bait.bytes();
        ByteBuffer data = ByteBuffer.allocate(32 + object.length).order(ByteOrder.LITTLE_ENDIAN);
        data.putInt(32 + object.length).put((byte) 0).put((byte) 0xC0).putShort((short) 1);
        data.putInt(0)
                .putInt(70_000)
                .putInt(AeronUri.STREAM)
                .putInt(1)
                .putLong(0)
                .put(object);
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
        return List.of(data.array(), setup.array(), PlantedObject.bytes());
    }
}
