package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/**
 * Puts a message together from its parts. Memory for it grows with what has come, not with what was announced.
 *
 * <p>Confined to one thread.
 */
final class MessageAssembler {
    private final int limit;
    private ByteBuffer whole = ByteBuffer.allocate(0);
    private int missing;

    MessageAssembler(int limit) {
        this.limit = limit;
    }

    /**
     * Adds a part.
     *
     * @return the message if it is complete, good until the next part; else null
     * @throws MalformedFrameException if the part does not fit, or the message is too large
     */
    @Nullable
    ByteBuffer add(RecordHeader header, ByteBuffer part) {
        boolean first = header.kind() == RecordKind.MESSAGE_START || header.kind() == RecordKind.HEAD_START;
        if (first) {
            int length = length(part);
            if (length == part.remaining()) {
                missing = 0;
                return part;
            }
            missing = length;
            whole = ByteBuffer.allocate(Math.min(length, 4 * RecordHeader.MAX_SEALED_BYTES));
        }
        if (part.remaining() > missing || (!first && missing == 0)) {
            int rest = missing;
            missing = 0;
            throw new MalformedFrameException(
                    "a part of " + part.remaining() + " bytes where " + rest + " are missing");
        }
        missing -= part.remaining();
        append(part);
        if (missing > 0) {
            return null;
        }
        ByteBuffer complete = whole.flip();
        whole = ByteBuffer.allocate(0);
        return complete;
    }

    private int length(ByteBuffer part) {
        if (part.remaining() < Integer.BYTES) {
            throw new MalformedFrameException("a message without its length");
        }
        int length = part.order(ByteOrder.LITTLE_ENDIAN).getInt();
        if (length < part.remaining() || length > limit) {
            throw new MalformedFrameException("a message of " + length + " bytes, at most " + limit + " may come");
        }
        return length;
    }

    private void append(ByteBuffer part) {
        if (part.remaining() > whole.remaining()) {
            int needed = whole.position() + part.remaining();
            int capacity = (int) Math.min((long) needed + missing, Math.max(needed, 2L * whole.capacity()));
            whole = ByteBuffer.allocate(capacity).put(whole.flip());
        }
        whole.put(part);
    }
}
