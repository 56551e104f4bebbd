package io.github.skydl4j.transport;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;

/** Aeron's ways of naming things. */
final class AeronUri {
    /** Streams are told apart by their sessions, so one number serves all. */
    static final int STREAM = 1001;

    private AeronUri() {}

    static String host(InetAddress address) {
        String text = address.getHostAddress();
        if (address instanceof Inet6Address) {
            int scope = text.indexOf('%');
            return "[" + (scope < 0 ? text : text.substring(0, scope)) + "]";
        }
        return text;
    }

    static String subscription(InetAddress address, int port, int session) {
        return "aeron:udp?endpoint=" + host(address) + ":" + port + "|session-id=" + session;
    }

    /** A part of Aeron's buffer, without a copy. */
    static ByteBuffer view(DirectBuffer buffer, int offset, int length) {
        int first = buffer.wrapAdjustment() + offset;
        if (buffer.byteArray() != null) {
            return ByteBuffer.wrap(buffer.byteArray(), first, length).slice();
        }
        return buffer.byteBuffer().duplicate().clear().slice(first, length);
    }
}
