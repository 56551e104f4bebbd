package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * Opens the records of one stream, each once and in order: what does not carry the next sequence number is refused, so a
 * record cannot be played again, left out or moved. Confined to one thread at a time.
 */
final class RecordOpener {
    private final SecretKey key;
    private final int stream;
    private final Cipher cipher;
    private long next;

    RecordOpener(SecretKey key, int stream) {
        this.key = key;
        this.stream = stream;
        this.cipher = cipher();
    }

    static Cipher cipher() {
        try {
            return Cipher.getInstance("AES/GCM/NoPadding");
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JVM has AES-GCM", e);
        }
    }

    /**
     * Reads a frame's header without trusting it.
     *
     * @return the header; the frame's position is at the sealed bytes
     * @throws MalformedFrameException if the frame is not the stream's next
     */
    RecordHeader expect(ByteBuffer frame) {
        RecordHeader header = RecordHeader.read(frame);
        if (header.stream() != stream || header.sequence() != next) {
            throw new MalformedFrameException("record " + header.sequence() + " of stream " + header.stream()
                    + " where record " + next + " of stream " + stream + " is due");
        }
        return header;
    }

    /**
     * Opens the sealed bytes of a frame whose header was read by {@link #expect}.
     *
     * @param plain takes the bytes; what it held is lost even if the record is refused
     * @throws MalformedFrameException if the record was not sealed by the peer, or is larger than {@code plain}
     */
    void open(RecordHeader header, ByteBuffer frame, ByteBuffer plain) {
        if (frame.remaining() - RecordHeader.TAG_BYTES > plain.remaining()) {
            throw new MalformedFrameException("a record of " + (frame.remaining() - RecordHeader.TAG_BYTES)
                    + " bytes where at most " + plain.remaining() + " are due");
        }
        ByteBuffer open = frame.slice(frame.position() - RecordHeader.BYTES, RecordHeader.BYTES);
        try {
            cipher.init(Cipher.DECRYPT_MODE, key, new GCMParameterSpec(8 * RecordHeader.TAG_BYTES, header.nonce()));
            cipher.updateAAD(open);
            cipher.doFinal(frame, plain);
        } catch (GeneralSecurityException e) {
            throw new MalformedFrameException("a record that the peer has not sealed", e);
        }
        next++;
    }
}
