package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * What stands in the open before the sealed bytes of a record, and is sealed against change with them.
 *
 * <pre>
 *   0        1        2                 4                                   8
 *   +--------+--------+-----------------+-----------------------------------+
 *   |  'S'   |version |      kind       |              stream               |
 *   +--------+--------+-----------------+-----------------------------------+
 *   |                                 epoch                                 |
 *   +-----------------------------------------------------------------------+
 *   |                               sequence                                |
 *   +-----------------------------------------------------------------------+
 *   |  sealed bytes, as many as were given ...          | tag of 16 bytes   |
 *   +---------------------------------------------------+-------------------+
 * </pre>
 *
 * Little-endian. AES-256-GCM with the 24 bytes of the header as additional data; the nonce is stream and sequence, as they
 * stand, which no two records of a key have in common: a link counts its streams, and a stream its records.
 *
 * @param kind what the sealed bytes are, see {@link RecordKind}
 * @param stream 0 for the link's messages, others for its boundary channels
 */
record RecordHeader(int kind, int stream, long epoch, long sequence) {
    static final int BYTES = 24;
    static final int TAG_BYTES = 16;
    static final int NONCE_BYTES = 12;
    static final int VERSION = 1;

    /**
     * Most bytes in a record. With header, tag and Aeron's own header it just fits one datagram of 65504 bytes; a multiple
     * of 64, so that elements of arrays are never cut.
     */
    static final int MAX_SEALED_BYTES = 65_408;

    private static final byte MAGIC = 'S';

    void write(ByteBuffer out) {
        out.order(ByteOrder.LITTLE_ENDIAN);
        out.put(MAGIC).put((byte) VERSION).putShort((short) kind).putInt(stream);
        out.putLong(epoch).putLong(sequence);
    }

    /**
     * Reads a header.
     *
     * @throws MalformedFrameException if the frame is none of ours
     */
    static RecordHeader read(ByteBuffer frame) {
        if (frame.remaining() < BYTES + TAG_BYTES) {
            throw new MalformedFrameException("a frame of " + frame.remaining() + " bytes is no record");
        }
        frame.order(ByteOrder.LITTLE_ENDIAN);
        if (frame.get() != MAGIC || frame.get() != VERSION) {
            throw new MalformedFrameException("a frame that is no record of version " + VERSION);
        }
        return new RecordHeader(frame.getShort() & 0xffff, frame.getInt(), frame.getLong(), frame.getLong());
    }

    /** The nonce. */
    byte[] nonce() {
        return ByteBuffer.allocate(NONCE_BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(stream)
                .putLong(sequence)
                .array();
    }
}
