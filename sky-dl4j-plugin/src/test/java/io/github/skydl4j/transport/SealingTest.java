package io.github.skydl4j.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class SealingTest {
    private static final HexFormat HEX = HexFormat.of();

    private final LinkKeys keys = keys("a", "b", 1, 2);
    private final RecordSealer sealer = new RecordSealer(keys.sending(true), 3);
    private final RecordOpener opener = new RecordOpener(keys.receiving(false), 3);

    /** RFC 5869, test cases 1 and 3. */
    @Test
    void derivesKeysAsTheStandardSays() {
        byte[] secret = HEX.parseHex("0b".repeat(22));
        byte[] root = KeyDerivation.extract(HEX.parseHex("000102030405060708090a0b0c"), secret);
        assertThat(HEX.formatHex(KeyDerivation.expand(root, HEX.parseHex("f0f1f2f3f4f5f6f7f8f9"), 42)))
                .isEqualTo("3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
        byte[] saltless = KeyDerivation.extract(new byte[0], secret);
        assertThat(HEX.formatHex(KeyDerivation.expand(saltless, new byte[0], 42)))
                .isEqualTo("8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8");
    }

    @Test
    void keysDifferByPairDirectionAndTime() {
        SecretKey key = keys.sending(true);
        assertThat(key).isNotEqualTo(keys.sending(false)).isEqualTo(keys.receiving(false));
        assertThat(key)
                .isNotEqualTo(keys("b", "a", 1, 2).sending(true))
                .isNotEqualTo(keys("a", "c", 1, 2).sending(true))
                .isNotEqualTo(keys("a", "b", 3, 2).sending(true))
                .isNotEqualTo(keys("a", "b", 1, 3).sending(true));
        // Lengths are part of what is derived from: "ab" and "c" are not "a" and "bc".
        assertThat(keys("ab", "c", 1, 2).sending(true))
                .isNotEqualTo(keys("a", "bc", 1, 2).sending(true));
    }

    @Test
    void opensWhatWasSealedOnceAndInOrder() {
        ByteBuffer first = seal("first");
        ByteBuffer second = seal("second");
        assertThatThrownBy(() -> open(second)).hasMessage("record 1 of stream 3 where record 0 of stream 3 is due");
        assertThat(open(first)).isEqualTo("first");
        assertThatThrownBy(() -> open(first)).hasMessageStartingWith("record 0 of stream 3 where record 1");
        assertThat(open(second)).isEqualTo("second");
    }

    @Test
    void refusesARecordOfWhichAnyBitIsChanged() {
        ByteBuffer frame = seal("payload");
        for (int bit = 0; bit < 8 * frame.remaining(); bit++) {
            ByteBuffer changed = copy(frame);
            changed.put(bit / 8, (byte) (changed.get(bit / 8) ^ 1 << bit % 8));
            assertThatThrownBy(() -> open(changed)).as("bit %d", bit).isInstanceOf(MalformedFrameException.class);
        }
        assertThat(open(frame)).isEqualTo("payload");
    }

    @Test
    void refusesARecordOfAnotherStreamOrPeer() {
        RecordSealer otherStream = new RecordSealer(keys.sending(true), 4);
        assertThatThrownBy(() -> open(seal(otherStream, "x"))).hasMessageContaining("of stream 4 where");
        RecordSealer back = new RecordSealer(keys.sending(false), 3);
        assertThatThrownBy(() -> open(seal(back, "x"))).hasMessage("a record that the peer has not sealed");
    }

    @Test
    void refusesARecordThatIsLargerThanThePlaceForIt() {
        ByteBuffer frame = seal("seven b");
        RecordHeader header = opener.expect(frame);
        assertThatThrownBy(() -> opener.open(header, frame, ByteBuffer.allocate(6)))
                .hasMessage("a record of 7 bytes where at most 6 are due");
    }

    /** What goes over the wire, byte by byte; a change here is a change of the version. */
    @Test
    void aRecordHasTheseBytes() {
        RecordSealer golden = new RecordSealer(new SecretKeySpec(new byte[32], "AES"), 7);
        ByteBuffer frame = ByteBuffer.allocate(RecordSealer.frameBytes(3));
        golden.seal(RecordKind.ELEMENTS, 5, ByteBuffer.wrap("sky".getBytes(StandardCharsets.UTF_8)), frame);
        assertThat(HEX.formatHex(frame.array()))
                .isEqualTo(
                        "53" // S
                                + "01" // version
                                + "0b00" // kind
                                + "07000000" // stream
                                + "0500000000000000" // epoch
                                + "0000000000000000" // sequence
                                + "1436240ddea93e98851744bd3b34ddc7337231"); // three bytes and the tag
    }

    private ByteBuffer seal(String text) {
        return seal(sealer, text);
    }

    private static ByteBuffer seal(RecordSealer sealer, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ByteBuffer frame = ByteBuffer.allocateDirect(RecordSealer.frameBytes(bytes.length));
        sealer.seal(RecordKind.MESSAGE_START, 9, ByteBuffer.wrap(bytes), frame);
        return frame.flip();
    }

    private String open(ByteBuffer frame) {
        ByteBuffer view = frame.duplicate();
        ByteBuffer plain = ByteBuffer.allocate(100);
        opener.open(opener.expect(view), view, plain);
        return new String(plain.array(), 0, plain.position(), StandardCharsets.UTF_8);
    }

    private static ByteBuffer copy(ByteBuffer frame) {
        return ByteBuffer.allocate(frame.remaining()).put(frame.duplicate()).flip();
    }

    private static LinkKeys keys(String initiator, String responder, int first, int second) {
        byte[] random = new byte[32];
        random[0] = (byte) first;
        byte[] other = new byte[32];
        other[0] = (byte) second;
        return new LinkKeys(SharedKey.of(new byte[32]), initiator, responder, random, other);
    }
}
