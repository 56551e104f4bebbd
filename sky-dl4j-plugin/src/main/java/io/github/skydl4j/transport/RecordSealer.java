package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/** Seals the records of one stream, in order. Confined to one thread at a time. */
final class RecordSealer {
    private final SecretKey key;
    private final int stream;
    private final Cipher cipher;
    private long sequence;

    RecordSealer(SecretKey key, int stream) {
        this.key = key;
        this.stream = stream;
        this.cipher = RecordOpener.cipher();
    }

    /** Bytes of a frame for so many bytes to seal. */
    static int frameBytes(int bytes) {
        return RecordHeader.BYTES + bytes + RecordHeader.TAG_BYTES;
    }

    /** Writes header and sealed bytes of the next record to {@code frame}, consuming {@code plain}. */
    void seal(int kind, long epoch, ByteBuffer plain, ByteBuffer frame) {
        if (plain.remaining() > RecordHeader.MAX_SEALED_BYTES) {
            throw new IllegalArgumentException(
                    plain.remaining() + " bytes for one record, at most " + RecordHeader.MAX_SEALED_BYTES);
        }
        RecordHeader header = new RecordHeader(kind, stream, epoch, sequence++);
        ByteBuffer open = frame.slice(frame.position(), RecordHeader.BYTES);
        header.write(frame);
        try {
            cipher.init(Cipher.ENCRYPT_MODE, key, new GCMParameterSpec(8 * RecordHeader.TAG_BYTES, header.nonce()));
            cipher.updateAAD(open);
            cipher.doFinal(plain, frame);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a record cannot be sealed", e);
        }
    }
}
