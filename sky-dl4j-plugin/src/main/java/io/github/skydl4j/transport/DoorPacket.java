package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What is said at a member's door, a UDP port of its own, to be admitted: {@code Hello}, {@code Welcome}, {@code
 * Confirmation}. After that both know the keys of the link and where to publish.
 *
 * <pre>
 *   0                                   4        5        6
 *   +-----------------------------------+--------+--------+----------------+------------------+
 *   |        'S' 'K' 'Y' 'D'            |version |  kind  |  fields ...    |  mac of 32 bytes |
 *   +-----------------------------------+--------+--------+----------------+------------------+
 * </pre>
 *
 * Whatever else changes with the version, a hello begins with two names and its random, and a refusal stays as it is, so that
 * members of different versions can tell each other.
 *
 * The mac is HMAC-SHA256 over everything before it. Fields are written by {@link WireWriter}. A refusal's mac is checked by
 * nobody: it is given to who does not know the key, and is no more than a hint.
 */
sealed interface DoorPacket {
    int MAX_BYTES = 1200;
    int VERSION = 1;
    int RANDOM_BYTES = 32;

    /**
     * "I would like a link."
     *
     * @param from who asks
     * @param to who is asked; empty for whoever listens there
     * @param random 32 bytes, drawn for this link
     * @param place where the asker takes records
     */
    record Hello(String from, String to, Nonce random, Place place) implements DoorPacket {}

    /**
     * "Show that you know the key."
     *
     * @param initiatorRandom the hello's
     * @param random 32 bytes, drawn for this link
     */
    record Welcome(String from, String to, Nonce initiatorRandom, Nonce random, Place place) implements DoorPacket {}

    /** "I know it": the mac is made with a key that follows from both randoms. */
    record Confirmation(Nonce initiatorRandom, Nonce random) implements DoorPacket {}

    /** "No." */
    record Refusal(Nonce initiatorRandom, int reason) implements DoorPacket {}

    /** A hello of a member that speaks another version; no more of it is understood. */
    record Foreign(Nonce random) implements DoorPacket {}

    /** Reasons of a refusal. */
    int WRONG_KEY = 1;

    int NAME_IN_USE = 2;
    int OTHER_NAME = 3;
    int OTHER_VERSION = 4;

    int HELLO = 1;
    int REFUSAL = 4;

    /**
     * Where a member takes the records of a link.
     *
     * @param instance the endpoint, unlike any other's; two in one JVM find each other by it
     * @param dataPort Aeron's UDP port
     * @param session the Aeron session in which to publish to it
     */
    record Place(long instance, int dataPort, int session) {}

    /** The bytes to send. */
    static byte[] write(DoorPacket packet, byte[] macKey) {
        WireWriter out = new WireWriter(MAX_BYTES);
        out.u8('S');
        out.u8('K');
        out.u8('Y');
        out.u8('D');
        out.u8(VERSION);
        if (packet instanceof Hello hello) {
            out.u8(HELLO);
            out.text(hello.from());
            out.text(hello.to());
            hello.random().write(out);
            write(hello.place(), out);
        } else if (packet instanceof Welcome welcome) {
            out.u8(2);
            out.text(welcome.from());
            out.text(welcome.to());
            welcome.initiatorRandom().write(out);
            welcome.random().write(out);
            write(welcome.place(), out);
        } else if (packet instanceof Confirmation confirmation) {
            out.u8(3);
            confirmation.initiatorRandom().write(out);
            confirmation.random().write(out);
        } else if (packet instanceof Refusal refusal) {
            out.u8(REFUSAL);
            refusal.initiatorRandom().write(out);
            out.u8(refusal.reason());
        }
        out.raw(ByteBuffer.wrap(KeyDerivation.mac(macKey, out.toBytes())));
        return out.toBytes();
    }

    /**
     * Reads a packet without looking at its mac.
     *
     * @throws MalformedFrameException if it is none
     */
    static DoorPacket read(ByteBuffer bytes) {
        if (bytes.remaining() < 6 + SharedKey.BYTES || bytes.remaining() > MAX_BYTES) {
            throw new MalformedFrameException(bytes.remaining() + " bytes are no door packet");
        }
        WireReader in = new WireReader(bytes.slice(bytes.position(), bytes.remaining() - SharedKey.BYTES));
        if (in.u8() != 'S' || in.u8() != 'K' || in.u8() != 'Y' || in.u8() != 'D') {
            throw new MalformedFrameException("no door packet");
        }
        boolean isForeign = in.u8() != VERSION;
        int kind = in.u8();
        if (isForeign && kind == HELLO) {
            in.text();
            in.text();
            return new Foreign(Nonce.read(in));
        }
        if (isForeign && kind != REFUSAL) {
            throw new MalformedFrameException("no door packet of version " + VERSION);
        }
        DoorPacket packet = switch (kind) {
            case HELLO -> new Hello(in.text(), in.text(), Nonce.read(in), readPlace(in));
            case 2 -> new Welcome(in.text(), in.text(), Nonce.read(in), Nonce.read(in), readPlace(in));
            case 3 -> new Confirmation(Nonce.read(in), Nonce.read(in));
            case REFUSAL -> new Refusal(Nonce.read(in), in.u8());
            default -> throw new MalformedFrameException("no kind of door packet");
        };
        in.end();
        return packet;
    }

    /** True if the packet's mac was made with this key. */
    static boolean isFrom(byte[] macKey, ByteBuffer bytes) {
        byte[] all = new byte[bytes.remaining()];
        bytes.duplicate().get(all);
        int signed = all.length - SharedKey.BYTES;
        byte[] expected = KeyDerivation.mac(macKey, Arrays.copyOf(all, signed));
        return MessageDigest.isEqual(expected, Arrays.copyOfRange(all, signed, all.length));
    }

    private static void write(Place place, WireWriter out) {
        out.i64(place.instance());
        out.u16(place.dataPort());
        out.i32(place.session());
    }

    private static Place readPlace(WireReader in) {
        return new Place(in.i64(), in.u16(), in.i32());
    }

    /** Random bytes that compare by value. */
    final class Nonce {
        private final byte[] bytes;

        Nonce(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        static Nonce read(WireReader in) {
            byte[] bytes = in.bytes();
            if (bytes.length != RANDOM_BYTES) {
                throw new MalformedFrameException(bytes.length + " random bytes, not " + RANDOM_BYTES);
            }
            return new Nonce(bytes);
        }

        void write(WireWriter out) {
            out.bytes(bytes);
        }

        byte[] bytes() {
            return bytes.clone();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Nonce nonce && Arrays.equals(bytes, nonce.bytes);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(bytes);
        }
    }
}
