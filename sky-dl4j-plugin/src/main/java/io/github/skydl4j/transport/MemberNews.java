package io.github.skydl4j.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;

/**
 * The coordinator's word that there is a member, the fields of {@link RecordKind#MEMBER}.
 *
 * @param door where it takes part
 */
record MemberNews(String id, InetSocketAddress door) {
    private static final int MAX_BYTES = 1 << 12;

    WireWriter fields() {
        WireWriter fields = new WireWriter(MAX_BYTES);
        fields.text(id);
        fields.bytes(door.getAddress().getAddress());
        fields.u16(door.getPort());
        return fields;
    }

    static MemberNews read(WireReader fields) {
        String id = fields.text();
        byte[] address = fields.bytes();
        int port = fields.u16();
        fields.end();
        try {
            return new MemberNews(id, new InetSocketAddress(InetAddress.getByAddress(address), port));
        } catch (UnknownHostException e) {
            throw new MalformedFrameException("an address of " + address.length + " bytes", e);
        }
    }
}
