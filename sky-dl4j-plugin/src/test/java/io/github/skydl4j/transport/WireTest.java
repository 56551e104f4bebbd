package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.transport.DoorPacket.Confirmation;
import io.github.skydl4j.transport.DoorPacket.Hello;
import io.github.skydl4j.transport.DoorPacket.Nonce;
import io.github.skydl4j.transport.DoorPacket.Place;
import io.github.skydl4j.transport.DoorPacket.Refusal;
import io.github.skydl4j.transport.DoorPacket.Welcome;
import io.github.skydl4j.transport.LoopbackNetworkTest.Note;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.parameterserver.distributed.v2.messages.VoidMessage;
import org.nd4j.parameterserver.distributed.v2.messages.impl.GradientsUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.messages.impl.MeshUpdateMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.handshake.HandshakeRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.handshake.HandshakeResponse;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.ModelParametersMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.ModelParametersRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.UpdaterParametersMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.params.UpdaterParametersRequest;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.ping.PingMessage;
import org.nd4j.parameterserver.distributed.v2.messages.pairs.ping.PongMessage;
import org.nd4j.parameterserver.distributed.v2.util.MeshOrganizer;

/** The layouts that the Javadoc draws, byte by byte; a change here is a change of a version. */
class WireTest {
    private static final HexFormat HEX = HexFormat.of();

    @Test
    void fieldsHaveTheseBytes() {
        WireWriter out = new WireWriter(1000);
        out.u8(200);
        out.u16(513);
        out.bool(true);
        out.i32(-2);
        out.i64(3);
        out.f64(1.5);
        out.text("é");
        out.bytes(new byte[] {9, 8});
        out.longs(new long[] {1});
        out.doubles(new double[] {-0.0});
        out.list(List.of("a", "b"), WireWriter::text);
        assertThat(HEX.formatHex(out.toBytes()))
                .isEqualTo("c8" + "0102" + "01" + "feffffff" + "0300000000000000" + "000000000000f83f"
                        + "02000000c3a9" + "020000000908" + "01000000" + "0100000000000000"
                        + "01000000" + "0000000000000080" + "02000000" + "0100000061" + "0100000062");
        WireReader in = new WireReader(out.written());
        assertThat(in.u8()).isEqualTo(200);
        assertThat(in.u16()).isEqualTo(513);
        assertThat(in.bool()).isTrue();
        assertThat(in.i32()).isEqualTo(-2);
        assertThat(in.i64()).isEqualTo(3);
        assertThat(in.f64()).isEqualTo(1.5);
        assertThat(in.text()).isEqualTo("é");
        assertThat(in.bytes()).containsExactly(9, 8);
        assertThat(in.longs()).containsExactly(1);
        assertThat(in.doubles()).containsExactly(-0.0);
        assertThat(in.list(WireReader::text)).containsExactly("a", "b");
        in.end();
    }

    @Test
    void aTensorHasTheseBytes() {
        WireWriter out = new WireWriter(1000);
        out.tensor(Nd4j.createFromArray(new float[][] {{1, 2}}));
        assertThat(HEX.formatHex(out.toBytes()))
                .isEqualTo("00" + "63" + "02" + "0100000000000000" + "0200000000000000" + "0000803f" + "00000040");
    }

    @Test
    void tensorsOfAllTypesOrdersAndViewsComeBack() {
        INDArray base = Nd4j.rand(DataType.DOUBLE, 6, 8);
        List<INDArray> arrays = List.of(
                base,
                base.transpose(),
                base.get(NDArrayIndex.interval(1, 4), NDArrayIndex.interval(2, 5)),
                base.getRow(3),
                base.getColumn(2),
                base.dup('f'),
                base.castTo(DataType.FLOAT),
                base.castTo(DataType.FLOAT16),
                base.castTo(DataType.BFLOAT16),
                base.mul(100).castTo(DataType.INT64),
                base.mul(100).castTo(DataType.INT32),
                base.mul(100).castTo(DataType.INT16),
                base.mul(100).castTo(DataType.INT8),
                base.mul(100).castTo(DataType.UINT8),
                base.gt(0.5),
                Nd4j.scalar(4.5f),
                Nd4j.empty(DataType.FLOAT),
                Nd4j.create(DataType.FLOAT, 0, 3));
        for (INDArray array : arrays) {
            WireWriter out = new WireWriter(1 << 16);
            out.tensor(array);
            INDArray back = new WireReader(out.written()).tensor();
            assertThat(back.dataType()).isEqualTo(array.dataType());
            assertThat(back)
                    .as("%s of %s", array.shapeInfoToString(), array.dataType())
                    .isEqualTo(array);
        }
    }

    @Test
    void aMessageHasTheseBytes() {
        WireWriter out = new WireWriter(1000);
        LoopbackNetworkTest.CODEC.write(new Note("hi", 7), out);
        assertThat(HEX.formatHex(out.toBytes())).isEqualTo("01" + "6400" + "020000006869" + "0700000000000000");
    }

    @Test
    void aParameterServersMessageHasTheseBytes() {
        GradientsUpdateMessage update = new GradientsUpdateMessage("id", Nd4j.createFromArray(1.0f));
        update.setOriginatorId("w");
        update.setIteration(3);
        update.setEpoch(4);
        WireWriter out = new WireWriter(1000);
        MessageCodec codec = MessageCodec.of(SkyTransport.messages(1000));
        codec.write(new ParameterMessage(update, 0), out);
        assertThat(HEX.formatHex(out.toBytes()))
                .isEqualTo("01" + "0100" // version, number
                        + "0a" // gradients update
                        + "010100000077" // originator
                        + "01020000006964" // message id
                        + "00" // no request id
                        + "0000000000000000" // transfer
                        + "00" // no relay
                        + "03000000" + "04000000"
                        + "01" + "00" + "63" + "01" + "0100000000000000" + "0000803f");
        ParameterMessage back = (ParameterMessage) codec.read(new WireReader(out.written()));
        assertThat(((GradientsUpdateMessage) back.content()).getPayload()).isEqualTo(update.getPayload());
    }

    @Test
    void theHeadOfATensorMessageHasTheseBytes() {
        TensorPacker packed = TensorPacker.of(
                Map.of("u", Nd4j.createFromArray(1.0f, 2.0f)), TensorForm.gradients(), WireType.FLOAT16);
        assertThat(HEX.formatHex(packed.head().toBytes()))
                .isEqualTo(
                        "01000000" // one array
                                + "02" + "63" + "01" + "0200000000000000" // half precision, c, [2]
                                + "00" // float when it has come
                                + "01000000" + "0100000075"); // one entry, u
        ByteBuffer elements = ArrayBytes.of(packed.arrays().get(0));
        byte[] bytes = new byte[elements.remaining()];
        elements.get(bytes);
        assertThat(HEX.formatHex(bytes)).isEqualTo("003c" + "0040");
    }

    @Test
    void aHelloHasTheseBytes() {
        Hello hello = new Hello("w1", "", new Nonce(new byte[32]), new Place(5, 4000, 70_000));
        byte[] bytes = DoorPacket.write(hello, new byte[32]);
        assertThat(HEX.formatHex(bytes, 0, bytes.length - 32))
                .isEqualTo("534b5944" + "01" + "01" // SKYD, version, kind
                        + "020000007731" + "00000000"
                        + "20000000" + "00".repeat(32)
                        + "0500000000000000" + "a00f" + "70110100");
        assertThat(DoorPacket.isFrom(new byte[32], ByteBuffer.wrap(bytes))).isTrue();
        assertThat(DoorPacket.isFrom(new byte[] {1}, ByteBuffer.wrap(bytes))).isFalse();
        assertThat(DoorPacket.read(ByteBuffer.wrap(bytes))).isEqualTo(hello);
    }

    @Test
    void theOtherPacketsAtADoorHaveTheseBytes() {
        Nonce nonce = new Nonce(new byte[32]);
        String nonceHex = "20000000" + "00".repeat(32);
        Map<DoorPacket, String> packets = Map.of(
                new Welcome("c", "w1", nonce, nonce, new Place(5, 4000, 70_000)),
                "02" + "0100000063" + "020000007731" + nonceHex + nonceHex + "0500000000000000" + "a00f" + "70110100",
                new Confirmation(nonce, nonce),
                "03" + nonceHex + nonceHex,
                new Refusal(nonce, DoorPacket.NAME_IN_USE),
                "04" + nonceHex + "02");
        packets.forEach((packet, hex) -> {
            byte[] bytes = DoorPacket.write(packet, new byte[32]);
            assertThat(HEX.formatHex(bytes, 0, bytes.length - 32)).isEqualTo("534b5944" + "01" + hex);
            assertThat(DoorPacket.read(ByteBuffer.wrap(bytes))).isEqualTo(packet);
        });
    }

    @Test
    void newsOfAMemberHaveTheseBytes() {
        MemberNews news = new MemberNews("w1", new InetSocketAddress("127.0.0.1", 4000));
        byte[] bytes = news.fields().toBytes();
        assertThat(HEX.formatHex(bytes)).isEqualTo("020000007731" + "040000007f000001" + "a00f");
        assertThat(MemberNews.read(new WireReader(ByteBuffer.wrap(bytes)))).isEqualTo(news);
    }

    @Test
    void aPartOfAnArrayHasTheseBytes() {
        WireWriter out = new WireWriter(1000);
        MessageCodec.of(SkyTransport.messages(1000)).write(new ArrayPart(5, ByteBuffer.wrap(new byte[] {9, 8})), out);
        assertThat(HEX.formatHex(out.toBytes())).isEqualTo("01" + "0200" + "0500000000000000" + "020000000908");
    }

    @Test
    void theParameterServersMessagesHaveTheseNumbers() {
        MeshOrganizer mesh = new MeshOrganizer();
        List<VoidMessage> messages = List.of(
                new HandshakeRequest(),
                HandshakeResponse.builder().mesh(mesh).build(),
                new MeshUpdateMessage(mesh),
                new PingMessage(),
                new PongMessage(),
                new ModelParametersRequest(),
                new ModelParametersMessage("id", Nd4j.ones(1)),
                new UpdaterParametersRequest(),
                new UpdaterParametersMessage("id", Nd4j.ones(1)),
                new GradientsUpdateMessage("id", Nd4j.ones(1)));
        MessageCodec codec = MessageCodec.of(SkyTransport.messages(1000));
        for (int i = 0; i < messages.size(); i++) {
            VoidMessage message = messages.get(i);
            message.setOriginatorId("w");
            WireWriter out = new WireWriter(1000);
            codec.write(new ParameterMessage(message, 0), out);
            String number = String.format("%02x", i + 1);
            assertThat(HEX.formatHex(out.toBytes())).startsWith("01" + "0100" + number + "01" + "0100000077");
            ParameterMessage back = (ParameterMessage) codec.read(new WireReader(out.written()));
            assertThat(back.content()).hasSameClassAs(message);
        }
    }

    @Test
    void lengthsThatDoNotFitAreRefusedBeforeAnythingIsAllocated() {
        for (String hex : List.of("ffffff7f", "ffffffff", "05000000aa")) {
            assertThatThrownBy(() -> reader(hex).bytes()).isInstanceOf(MalformedFrameException.class);
            assertThatThrownBy(() -> reader(hex).text()).isInstanceOf(MalformedFrameException.class);
            assertThatThrownBy(() -> reader(hex).longs()).isInstanceOf(MalformedFrameException.class);
            assertThatThrownBy(() -> reader(hex).list(WireReader::u8)).isInstanceOf(MalformedFrameException.class);
        }
        String hugeTensor = "00" + "63" + "02" + "ffffffff00000000" + "ffffffff00000000";
        assertThatThrownBy(() -> reader(hugeTensor).tensor()).hasMessageContaining("beyond");
        String absentElements = "00" + "63" + "01" + "0000001000000000";
        assertThatThrownBy(() -> reader(absentElements).tensor()).hasMessageContaining("where 0 are left");
        String negative = "00" + "63" + "02" + "ffffffffffffffff" + "ffffffffffffffff";
        assertThatThrownBy(() -> reader(negative).tensor()).isInstanceOf(MalformedFrameException.class);
        assertThatThrownBy(() -> reader("01000000" + "ff").text()).hasMessage("a text is not UTF-8");
    }

    /**
     * A head names the type in which an array travels and the one that it is brought back to. The limit was held against the
     * first alone, so bytes that said they had been doubles took eight times more than was allowed.
     */
    @Test
    void refusesTensorsThatTakeTooMuchOnceTheyAreWhatTheyWere() {
        byte[] head = TensorPacker.of(Nd4j.zeros(DataType.INT8, 100), TensorForm.array(), WireType.EXACT)
                .head()
                .toBytes();
        assertThat(new TensorUnpacker(new WireReader(ByteBuffer.wrap(head)), 100).bytes())
                .isEqualTo(100);
        int original = head.length - 1;
        WireWriter types = new WireWriter(8);
        TensorHeader.of(Nd4j.zeros(DataType.DOUBLE, 1)).writeType(types);
        head[original] = types.toBytes()[0];
        assertThat(new TensorUnpacker(new WireReader(ByteBuffer.wrap(head)), 900).bytes())
                .isEqualTo(100);
        assertThatThrownBy(() -> new TensorUnpacker(new WireReader(ByteBuffer.wrap(head)), 899))
                .isInstanceOf(MalformedFrameException.class)
                .hasMessageContaining("900 bytes");
    }

    @Test
    void whatIsWrittenIsBoundedToo() {
        WireWriter out = new WireWriter(100);
        assertThatThrownBy(() -> out.bytes(new byte[100])).hasMessageContaining("send it in parts");
        assertThatThrownBy(() -> out.u8(256)).hasMessage("256 is not between 0 and 255");
        assertThatThrownBy(() -> MessageCodec.of(
                        SkyTransport.messages(10).get(0),
                        SkyTransport.messages(10).get(0)))
                .hasMessageContaining("message number 1 is given to both");
    }

    private static WireReader reader(String hex) {
        return new WireReader(ByteBuffer.wrap(HEX.parseHex(hex)));
    }
}
