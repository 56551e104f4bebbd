package io.github.skydl4j.transport;

import io.github.skydl4j.transport.DoorPacket.Nonce;
import io.github.skydl4j.transport.DoorPacket.Place;
import java.net.InetSocketAddress;

/**
 * Two members have shown each other at a door that they know the key.
 *
 * @param peer the other's name
 * @param initiator true if this one has asked
 * @param random the initiator's, which names the attempt
 * @param door the other's door, as seen from here
 * @param place where the other takes records
 * @param session the Aeron session in which the other publishes to this one
 */
record Introduction(
        String peer, boolean initiator, Nonce random, LinkKeys keys, InetSocketAddress door, Place place, int session) {
    InetSocketAddress data() {
        return new InetSocketAddress(door.getAddress(), place.dataPort());
    }
}
