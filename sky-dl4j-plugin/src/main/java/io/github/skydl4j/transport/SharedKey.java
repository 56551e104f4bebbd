package io.github.skydl4j.transport;

import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The secret of 32 bytes that all members of a run have in common. Whoever has it is a member.
 *
 * <p>Immutable; never printed.
 */
public final class SharedKey {
    static final int BYTES = 32;

    private final byte[] secret;
    private final boolean published;

    private SharedKey(byte[] secret, boolean published) {
        if (secret.length != BYTES) {
            throw new IllegalArgumentException("a key has " + BYTES + " bytes, not " + secret.length);
        }
        this.secret = secret.clone();
        this.published = published;
    }

    /** A new random key. */
    public static SharedKey random() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return new SharedKey(secret, false);
    }

    /** A key of these 32 bytes. */
    public static SharedKey of(byte[] secret) {
        return new SharedKey(secret, false);
    }

    /**
     * A key that everybody knows, for members on one machine. Records are sealed all the same, against damage; it keeps
     * nobody out, and nothing but loopback may be listened on with it.
     */
    public static SharedKey none() {
        return new SharedKey(new byte[BYTES], true);
    }

    /** True for {@link #none}. */
    public boolean isNone() {
        return published;
    }

    byte[] secret() {
        return secret.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SharedKey key && published == key.published && Arrays.equals(secret, key.secret);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(secret);
    }

    @Override
    public String toString() {
        return published ? "no key" : "a key";
    }
}
