package io.github.skydl4j.transport;

import io.github.skydl4j.transport.DoorPacket.Confirmation;
import io.github.skydl4j.transport.DoorPacket.Foreign;
import io.github.skydl4j.transport.DoorPacket.Hello;
import io.github.skydl4j.transport.DoorPacket.Nonce;
import io.github.skydl4j.transport.DoorPacket.Place;
import io.github.skydl4j.transport.DoorPacket.Refusal;
import io.github.skydl4j.transport.DoorPacket.Welcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.security.SecureRandom;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where members are admitted: a UDP port at which both sides show that they know the key, before anything is made for them.
 *
 * <pre>
 *   initiator                                     responder
 *     Hello(names, random, place)      ------>      remembers 32 bytes, makes nothing
 *                                      <------      Welcome(both randoms, place)
 *     makes the link
 *     Confirmation(both randoms)       ------>      makes the link
 *     first sign of life, sealed       <----->      first sign of life, sealed
 * </pre>
 *
 * Datagrams get lost: the initiator repeats its last one until the link is heard, the responder repeats its welcome. A hello
 * that is played again gets a welcome and no further, since its sender cannot confirm.
 *
 * <p>Confined to the endpoint's network thread.
 */
final class Door implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Door.class);
    private static final long REPEAT_NANOS = 100_000_000;
    private static final long PATIENCE_NANOS = 3_000_000_000L;
    private static final int MAX_WAITING = 256;
    private static final int PACKETS_A_TURN = 32;

    /** The endpoint behind the door. */
    interface Household {
        /** True if a living member has this name. */
        boolean isPresent(String peer);

        /** Makes the link. */
        void welcome(Introduction introduction);
    }

    /** A hello that this side has sent. */
    private static final class Attempt {
        final InetSocketAddress address;
        final Hello hello;
        final long until;
        ByteBuffer packet;
        long repeatAt;
        boolean confirming;

        Attempt(InetSocketAddress address, Hello hello, ByteBuffer packet, long now) {
            this.address = address;
            this.hello = hello;
            this.packet = packet;
            this.until = now + PATIENCE_NANOS;
            this.repeatAt = now;
        }
    }

    /** A hello that has come. */
    private record Waiting(Hello hello, Nonce random, Place place, LinkKeys keys, ByteBuffer welcome, long until) {}

    private final String id;
    private final SharedKey key;
    private final byte[] doorKey;
    private final long instance;
    private final int dataPort;
    private final Sessions sessions;
    private final Household household;
    private final DatagramChannel channel;
    private final InetSocketAddress address;
    private final SecureRandom random = new SecureRandom();
    private final Map<Nonce, Attempt> attempts = new HashMap<>();
    private final Map<Nonce, Waiting> waiting = new LinkedHashMap<>();
    private final Map<Nonce, Long> admitted = new LinkedHashMap<>();
    private final ByteBuffer incoming = ByteBuffer.allocate(1 << 16);
    private final RefusalLog strangers = new RefusalLog(System::nanoTime, LOG::warn);
    private final RefusalLog garbage = new RefusalLog(System::nanoTime, LOG::debug);
    private volatile String lastRefusal = "";
    private volatile boolean refusalFinal;

    Door(EndpointOptions options, long instance, int dataPort, Sessions sessions, Household household) {
        this.id = options.id();
        this.key = options.key();
        this.doorKey = LinkKeys.doorKey(options.key());
        this.instance = instance;
        this.dataPort = dataPort;
        this.sessions = sessions;
        this.household = household;
        try {
            channel = DatagramChannel.open();
            channel.configureBlocking(false);
            channel.bind(options.listen());
            address = (InetSocketAddress) channel.getLocalAddress();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot listen on UDP " + options.listen().getHostString() + ":"
                            + options.listen().getPort() + ": is the port taken by another program?",
                    e);
        }
    }

    InetSocketAddress address() {
        return address;
    }

    /** Why the last attempt was refused, for an error message; a hint, since anybody may have sent it. */
    String lastRefusal() {
        return lastRefusal;
    }

    /** True if trying again is in vain. */
    boolean isRefusalFinal() {
        return refusalFinal;
    }

    /** Asks for a link, unless that is under way, whoever has begun. */
    void ask(String peer, InetSocketAddress where, long now) {
        if (isAsking(peer) || isAnswering(peer)) {
            return;
        }
        Nonce nonce = nonce();
        Hello hello = new Hello(id, peer, nonce, place());
        attempts.put(nonce, new Attempt(where, hello, bytes(hello, doorKey), now));
    }

    /** The link of this attempt has been heard: no more repeating. */
    void settled(Nonce attempt) {
        attempts.remove(attempt);
    }

    /** Hears what has come and repeats what is due; returns the work done. */
    int poll(long now) {
        int work = 0;
        try {
            while (work < PACKETS_A_TURN) {
                incoming.clear();
                SocketAddress from = channel.receive(incoming);
                if (from == null) {
                    break;
                }
                work++;
                hear(incoming.flip(), (InetSocketAddress) from, now);
            }
        } catch (IOException e) {
            garbage.note("The door cannot be read: " + e); // such as a port that has been closed at the other end
        }
        repeat(now);
        expire(now);
        return work;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            LOG.debug("Cannot close the door", e);
        }
        attempts.values().forEach(attempt -> sessions.end(attempt.hello.place().session()));
        waiting.values().forEach(guest -> sessions.end(guest.place().session()));
    }

    private void hear(ByteBuffer bytes, InetSocketAddress from, long now) {
        DoorPacket packet;
        try {
            packet = DoorPacket.read(bytes);
        } catch (MalformedFrameException e) {
            garbage.note("Refused " + bytes.remaining() + " bytes at the door from " + from + ": " + e.getMessage());
            return;
        }
        if (packet instanceof Refusal refusal) {
            refused(refusal, from);
        } else if (packet instanceof Foreign foreign) {
            strangers.note("Refused " + from + " at the door: it is of another version of Sky-DL4J");
            refuse(foreign.random(), DoorPacket.OTHER_VERSION, from);
        } else if (packet instanceof Confirmation confirmation) {
            confirmed(confirmation, bytes, from);
        } else if (!DoorPacket.isFrom(doorKey, bytes)) {
            strangers.note("Refused " + from + " at the door: its key is not ours");
            if (packet instanceof Hello hello) {
                refuse(hello.random(), DoorPacket.WRONG_KEY, from);
            }
        } else if (packet instanceof Hello hello) {
            answer(hello, from, now);
        } else if (packet instanceof Welcome welcome) {
            welcomed(welcome, from, now);
        }
    }

    private void answer(Hello hello, InetSocketAddress from, long now) {
        Waiting known = waiting.get(hello.random());
        if (known != null) {
            send(known.welcome(), from);
            return;
        }
        if (admitted.containsKey(hello.random())) {
            return;
        }
        if (hello.from().equals(id) || (!hello.to().isEmpty() && !hello.to().equals(id))) {
            refuse(hello.random(), hello.from().equals(id) ? DoorPacket.NAME_IN_USE : DoorPacket.OTHER_NAME, from);
            return;
        }
        if (household.isPresent(hello.from())) {
            refuse(hello.random(), DoorPacket.NAME_IN_USE, from);
            return;
        }
        if (isAsking(hello.from()) && id.compareTo(hello.from()) < 0) {
            return; // both ask: the one whose name comes first goes on
        }
        if (waiting.size() < MAX_WAITING) {
            Nonce nonce = nonce();
            Place place = place();
            Welcome welcome = new Welcome(id, hello.from(), hello.random(), nonce, place);
            LinkKeys keys = new LinkKeys(key, hello.from(), id, hello.random().bytes(), nonce.bytes());
            ByteBuffer packet = bytes(welcome, doorKey);
            waiting.put(hello.random(), new Waiting(hello, nonce, place, keys, packet, now + PATIENCE_NANOS));
            send(packet, from);
        }
    }

    private void welcomed(Welcome welcome, InetSocketAddress from, long now) {
        Attempt attempt = attempts.get(welcome.initiatorRandom());
        if (attempt == null
                || attempt.confirming
                || !welcome.to().equals(id)
                || !(attempt.hello.to().isEmpty() || attempt.hello.to().equals(welcome.from()))) {
            return;
        }
        Nonce initiatorRandom = attempt.hello.random();
        LinkKeys keys = new LinkKeys(
                key,
                id,
                welcome.from(),
                initiatorRandom.bytes(),
                welcome.random().bytes());
        attempt.confirming = true;
        attempt.packet = bytes(new Confirmation(initiatorRandom, welcome.random()), keys.confirmation());
        household.welcome(new Introduction(
                welcome.from(),
                true,
                initiatorRandom,
                keys,
                from,
                welcome.place(),
                attempt.hello.place().session()));
        attempt.repeatAt = now;
    }

    private void confirmed(Confirmation confirmation, ByteBuffer bytes, InetSocketAddress from) {
        Waiting guest = waiting.get(confirmation.initiatorRandom());
        if (guest == null
                || !guest.random().equals(confirmation.random())
                || !DoorPacket.isFrom(guest.keys().confirmation(), bytes)) {
            return;
        }
        waiting.remove(confirmation.initiatorRandom());
        admitted.put(confirmation.initiatorRandom(), guest.until() + PATIENCE_NANOS);
        giveUpAsking(guest.hello().from());
        household.welcome(new Introduction(
                guest.hello().from(),
                false,
                confirmation.initiatorRandom(),
                guest.keys(),
                from,
                guest.hello().place(),
                guest.place().session()));
    }

    private void refused(Refusal refusal, InetSocketAddress from) {
        Attempt attempt = attempts.get(refusal.initiatorRandom());
        if (attempt != null) {
            refusalFinal = refusal.reason() == DoorPacket.WRONG_KEY || refusal.reason() == DoorPacket.OTHER_VERSION;
            String who = from.getHostString() + ":" + from.getPort();
            lastRefusal = switch (refusal.reason()) {
                case DoorPacket.WRONG_KEY -> who + " has another key: give both the same key file";
                case DoorPacket.NAME_IN_USE -> who + " has a member named " + id + " already";
                case DoorPacket.OTHER_VERSION ->
                    who + " is of another version of Sky-DL4J: install the same one on all machines";
                case DoorPacket.OTHER_NAME -> who + " is not " + attempt.hello.to();
                default -> who + " refuses";
            };
        }
    }

    private void refuse(Nonce initiatorRandom, int reason, InetSocketAddress to) {
        send(bytes(new Refusal(initiatorRandom, reason), doorKey), to);
    }

    private void repeat(long now) {
        for (Attempt attempt : attempts.values()) {
            if (now - attempt.repeatAt >= 0) {
                attempt.repeatAt = now + REPEAT_NANOS;
                send(attempt.packet, attempt.address);
            }
        }
    }

    private void expire(long now) {
        for (Iterator<Attempt> i = attempts.values().iterator(); i.hasNext(); ) {
            Attempt attempt = i.next();
            if (now - attempt.until > 0) {
                i.remove();
                if (!attempt.confirming) {
                    sessions.end(attempt.hello.place().session());
                }
            }
        }
        for (Iterator<Waiting> i = waiting.values().iterator(); i.hasNext(); ) {
            Waiting guest = i.next();
            if (now - guest.until() > 0) {
                i.remove();
                sessions.end(guest.place().session());
            }
        }
        admitted.values().removeIf(until -> now - until > 0);
    }

    /** The other side has asked, too, and its attempt has come through. */
    private void giveUpAsking(String peer) {
        for (Iterator<Attempt> i = attempts.values().iterator(); i.hasNext(); ) {
            Attempt attempt = i.next();
            if (attempt.hello.to().equals(peer) && !attempt.confirming) {
                i.remove();
                sessions.end(attempt.hello.place().session());
            }
        }
    }

    private boolean isAsking(String peer) {
        return attempts.values().stream().anyMatch(attempt -> attempt.hello.to().equals(peer));
    }

    private boolean isAnswering(String peer) {
        return waiting.values().stream().anyMatch(guest -> guest.hello().from().equals(peer));
    }

    private void send(ByteBuffer packet, InetSocketAddress to) {
        try {
            channel.send(packet.duplicate(), to);
        } catch (IOException e) {
            garbage.note("Cannot send to the door of " + to + ": " + e);
        }
    }

    private Nonce nonce() {
        byte[] bytes = new byte[DoorPacket.RANDOM_BYTES];
        random.nextBytes(bytes);
        return new Nonce(bytes);
    }

    private Place place() {
        return new Place(instance, dataPort, sessions.draw());
    }

    private static ByteBuffer bytes(DoorPacket packet, byte[] macKey) {
        return ByteBuffer.wrap(DoorPacket.write(packet, macKey));
    }
}
