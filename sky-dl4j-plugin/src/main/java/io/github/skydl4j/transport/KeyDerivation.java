package io.github.skydl4j.transport;

import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** HKDF with SHA-256 (RFC 5869). */
final class KeyDerivation {
    private static final String ALGORITHM = "HmacSHA256";
    private static final int HASH_BYTES = 32;

    private KeyDerivation() {}

    /** Step 1: a pseudo-random key of 32 bytes. */
    static byte[] extract(byte[] salt, byte[] secret) {
        return mac(salt.length == 0 ? new byte[HASH_BYTES] : salt, secret);
    }

    /** Step 2: {@code length} bytes for the purpose that {@code info} names. */
    static byte[] expand(byte[] pseudoRandomKey, byte[] info, int length) {
        byte[] output = new byte[length];
        byte[] block = new byte[0];
        int done = 0;
        for (int counter = 1; done < length; counter++) {
            block = mac(pseudoRandomKey, block, info, new byte[] {(byte) counter});
            int taken = Math.min(block.length, length - done);
            System.arraycopy(block, 0, output, done, taken);
            done += taken;
        }
        return output;
    }

    /** HMAC-SHA256 of the parts one after the other. */
    static byte[] mac(byte[] key, byte[]... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(key, ALGORITHM));
            Arrays.stream(parts).forEach(mac::update);
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has " + ALGORITHM, e);
        }
    }
}
