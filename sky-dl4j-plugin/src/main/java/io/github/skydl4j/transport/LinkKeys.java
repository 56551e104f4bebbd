package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of one link between two members, one for each direction. They follow from the shared key, both names and what
 * both have drawn at random for this link, so no record of another pair, direction, or time opens with them.
 */
final class LinkKeys {
    private static final int KEY_BYTES = 32;

    private final SecretKey fromInitiator;
    private final SecretKey toInitiator;
    private final byte[] confirmation;

    /**
     * Derives the keys.
     *
     * @param initiatorRandom 32 bytes drawn by the initiator
     * @param responderRandom 32 bytes drawn by the responder
     */
    LinkKeys(SharedKey shared, String initiator, String responder, byte[] initiatorRandom, byte[] responderRandom) {
        byte[] salt = Arrays.copyOf(initiatorRandom, initiatorRandom.length + responderRandom.length);
        System.arraycopy(responderRandom, 0, salt, initiatorRandom.length, responderRandom.length);
        byte[] root = KeyDerivation.extract(salt, shared.secret());
        fromInitiator = new SecretKeySpec(expand(root, "from initiator", initiator, responder), "AES");
        toInitiator = new SecretKeySpec(expand(root, "to initiator", initiator, responder), "AES");
        confirmation = expand(root, "confirmation", initiator, responder);
    }

    SecretKey sending(boolean initiator) {
        return initiator ? fromInitiator : toInitiator;
    }

    SecretKey receiving(boolean initiator) {
        return sending(!initiator);
    }

    /** For the packet by which the initiator shows that it knows the keys. */
    byte[] confirmation() {
        return confirmation;
    }

    /** The key of what is said at the door, before there is a link. */
    static byte[] doorKey(SharedKey shared) {
        byte[] info = "sky-dl4j 1 door".getBytes(StandardCharsets.US_ASCII);
        return KeyDerivation.expand(KeyDerivation.extract(new byte[0], shared.secret()), info, KEY_BYTES);
    }

    private static byte[] expand(byte[] root, String purpose, String initiator, String responder) {
        WireWriter info = new WireWriter(1 << 12);
        info.raw(ByteBuffer.wrap("sky-dl4j 1 link".getBytes(StandardCharsets.US_ASCII)));
        info.text(purpose);
        info.text(initiator);
        info.text(responder);
        return KeyDerivation.expand(root, info.toBytes(), KEY_BYTES);
    }
}
