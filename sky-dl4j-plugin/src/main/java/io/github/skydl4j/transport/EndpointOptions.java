package io.github.skydl4j.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an endpoint is reached and what it allows.
 *
 * @param id the member's name, unique in the run, at most 200 characters
 * @param codec the messages that may travel
 * @param key what all members have in common
 * @param listen address and UDP port of the door; port 0 takes a free one. Records come by another free UDP port, or by
 *     {@code dataPort}
 * @param dataPort UDP port for records; 0 takes a free one
 * @param maxMessageBytes most bytes of a message
 * @param maxTensorBytes most bytes of one message on a boundary channel, on the receiving side
 * @param silenceLimit a peer that gives no sign of life for so long is lost
 * @param sendLimit longest wait for a peer to take what is sent
 * @param mtu bytes of a datagram; 0 for the largest between members on one machine, and what every network carries else
 * @param packetLoss part of arriving datagrams that is thrown away, to try how a run bears it; 0 to 1
 * @param handOver whether boundary channels between endpoints of one JVM hand arrays over without the network, as they are,
 *     whatever the wire type
 * @param memoryFolder where Aeron keeps its buffers: a memory-backed file system, {@code /dev/shm} on Linux
 */
public record EndpointOptions(
        String id,
        MessageCodec codec,
        SharedKey key,
        InetSocketAddress listen,
        int dataPort,
        int maxMessageBytes,
        long maxTensorBytes,
        Duration silenceLimit,
        Duration sendLimit,
        int mtu,
        double packetLoss,
        boolean handOver,
        @Nullable Path memoryFolder) {
    static final int LARGEST_MTU = 65_504;
    static final int SMALLEST_MTU = 1408;

    private static final int MAX_ID_LENGTH = 200;

    public EndpointOptions {
        if (id.isBlank() || id.length() > MAX_ID_LENGTH) {
            throw new IllegalArgumentException(
                    "the name of a member has 1 to " + MAX_ID_LENGTH + " characters, not " + id.length());
        }
        if (listen.isUnresolved()) {
            throw new IllegalArgumentException("the host " + listen.getHostString() + " is not known");
        }
        if (key.isNone() && !listen.getAddress().isLoopbackAddress()) {
            throw new IllegalArgumentException("listening on " + listen.getHostString()
                    + " without a key would admit anybody: make a key with \"sky key new FILE\" and give it to all members,"
                    + " or listen on 127.0.0.1");
        }
        if (maxMessageBytes < 1 << 10 || maxMessageBytes > 1 << 30) {
            throw new IllegalArgumentException("a limit of " + maxMessageBytes + " bytes for a message is not between "
                    + (1 << 10) + " and " + (1 << 30));
        }
        if (mtu != 0 && (mtu < SMALLEST_MTU || mtu > LARGEST_MTU || mtu % 32 != 0)) {
            throw new IllegalArgumentException(
                    "an MTU of " + mtu + " is no multiple of 32 between " + SMALLEST_MTU + " and " + LARGEST_MTU);
        }
        if (!(packetLoss >= 0 && packetLoss < 1)) {
            throw new IllegalArgumentException("a packet loss of " + packetLoss + " is not between 0 and 1");
        }
    }

    /** Options of a member, to be changed where the usual ones do not fit. */
    public static Builder builder(String id, MessageCodec codec, SharedKey key, InetSocketAddress listen) {
        return new Builder(id, codec, key, listen);
    }

    /** An address of this machine alone, with a free port. */
    public static InetSocketAddress loopback() {
        return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    }

    /** Bytes of a datagram to this address. */
    int mtuTo(InetAddress address) {
        if (mtu != 0) {
            return mtu;
        }
        return address.isLoopbackAddress() && listen.getAddress().isLoopbackAddress() ? LARGEST_MTU : SMALLEST_MTU;
    }

    /** The usual options: messages of 16 MiB, tensors of 2 GiB, silence of 4 s, free ports. */
    public static final class Builder {
        private final String id;
        private final MessageCodec codec;
        private final SharedKey key;
        private final InetSocketAddress listen;
        private int dataPort;
        private int maxMessageBytes = 16 << 20;
        private long maxTensorBytes = 2L << 30;
        private Duration silenceLimit = Duration.ofSeconds(4);
        private Duration sendLimit = Duration.ofSeconds(30);
        private int mtu;
        private double packetLoss;
        private boolean handOver = true;
        private @Nullable Path memoryFolder;

        private Builder(String id, MessageCodec codec, SharedKey key, InetSocketAddress listen) {
            this.id = id;
            this.codec = codec;
            this.key = key;
            this.listen = listen;
        }

        public Builder dataPort(int port) {
            dataPort = port;
            return this;
        }

        public Builder maxMessageBytes(int bytes) {
            maxMessageBytes = bytes;
            return this;
        }

        public Builder maxTensorBytes(long bytes) {
            maxTensorBytes = bytes;
            return this;
        }

        public Builder silenceLimit(Duration limit) {
            silenceLimit = limit;
            return this;
        }

        public Builder sendLimit(Duration limit) {
            sendLimit = limit;
            return this;
        }

        public Builder mtu(int bytes) {
            mtu = bytes;
            return this;
        }

        public Builder packetLoss(double part) {
            packetLoss = part;
            return this;
        }

        public Builder handOver(boolean allowed) {
            handOver = allowed;
            return this;
        }

        public Builder memoryFolder(Path folder) {
            memoryFolder = folder;
            return this;
        }

        public EndpointOptions build() {
            return new EndpointOptions(
                    id,
                    codec,
                    key,
                    listen,
                    dataPort,
                    maxMessageBytes,
                    maxTensorBytes,
                    silenceLimit,
                    sendLimit,
                    mtu,
                    packetLoss,
                    handOver,
                    memoryFolder);
        }
    }
}
