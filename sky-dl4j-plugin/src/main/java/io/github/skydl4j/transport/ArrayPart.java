package io.github.skydl4j.transport;

import java.nio.ByteBuffer;

/**
 * Elements of a large array of the parameter server, in order.
 *
 * @param transfer the number of the {@link ParameterMessage}
 * @param elements the next bytes of its array
 */
record ArrayPart(long transfer, ByteBuffer elements) implements Message {
    /** Bytes in a part, so that a large array takes little memory on its way and lets others pass. */
    static final int BYTES = 1 << 20;
}
