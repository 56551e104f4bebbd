package io.github.skydl4j.transport;

import io.aeron.Subscription;
import io.aeron.exceptions.AeronException;
import io.github.skydl4j.pipeline.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A member of a run over the network: its door admits members by the key, a sealed link leads to each, boundary channels run
 * beside the links, all by one Aeron media driver in this JVM.
 *
 * <p>Design: one thread, the network thread, polls the door and the links, gives signs of life, watches for those of the
 * peers, and makes and ends links. The coordinator tells every member of every other, and members link with one another when
 * they first have something to say. {@code docs/security.md} says what is protected and what is not.
 */
public final class AeronEndpoint implements Endpoint {
    private static final Logger LOG = LoggerFactory.getLogger(AeronEndpoint.class);
    private static final long TICK_NANOS = 100_000_000;
    private static final long BEAT_NANOS = 500_000_000;
    /** A member that was heard within this time is alive, and its name is taken. */
    private static final long PRESENT_NANOS = 1_500_000_000;
    /** A turn of the network thread that took so long says nothing about the peers. */
    private static final long ABSENT_NANOS = 1_000_000_000;

    private static final long LINK_NANOS = 3_000_000_000L;
    /** Longer than one attempt at a link: on a busy machine the first may fail. */
    private static final long LINK_WAIT_NANOS = 10_000_000_000L;

    private static final long GOODBYE_NANOS = 300_000_000;
    private static final int PORT_ATTEMPTS = 10;

    /** Aeron's UDP port; a subscription to a session that nobody publishes in keeps it open. */
    private record DataPort(Subscription subscription, int number) {}

    private final EndpointOptions options;
    private final boolean coordinator;
    private final @Nullable InetSocketAddress coordinatorDoor;
    private final AeronDriver driver;
    private final DataPort dataPort;
    private final InetAddress local;
    private final Door door;
    private final Dispatcher dispatcher;
    private final BoundaryChannels channels;
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private final Map<String, InetSocketAddress> members = new ConcurrentHashMap<>();
    private final Set<String> wanted = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final RefusalLog refusals = new RefusalLog(System::nanoTime, LOG::warn);
    private final Thread thread;
    private volatile @Nullable String coordinatorId;
    private volatile long epoch;
    private volatile boolean closing;

    private AeronEndpoint(EndpointOptions options, @Nullable InetSocketAddress coordinatorDoor) {
        this.options = options;
        this.coordinatorDoor = coordinatorDoor;
        this.coordinator = coordinatorDoor == null;
        this.local = options.listen().getAddress();
        long instance = new SecureRandom().nextLong();
        driver = AeronDriver.acquire(options.memoryFolder(), options.packetLoss());
        try {
            dataPort = reservePort();
            door = new Door(options, instance, dataPort.number(), driver.sessions(), new Household());
        } catch (RuntimeException e) {
            driver.release();
            throw e;
        }
        dispatcher = new Dispatcher(options.id());
        channels = new BoundaryChannels(options, instance, driver, local, dataPort.number(), this::epoch);
        thread = new Thread(this::run, "sky-network-" + options.id());
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Opens the endpoint that admits the others.
     *
     * @throws UncheckedIOException if the port is taken
     */
    public static AeronEndpoint coordinator(EndpointOptions options) {
        return new AeronEndpoint(options, null);
    }

    /**
     * Opens an endpoint and waits until the coordinator has admitted it.
     *
     * @param door the coordinator's address
     * @throws PeerLostException if it has not within the limit; the message says what is known
     */
    public static AeronEndpoint join(EndpointOptions options, InetSocketAddress door, Duration limit) {
        if (door.isUnresolved()) {
            throw new IllegalArgumentException("the host " + door.getHostString() + " is not known");
        }
        AeronEndpoint endpoint = new AeronEndpoint(options, door);
        try {
            endpoint.awaitCoordinator(door, limit);
            return endpoint;
        } catch (RuntimeException e) {
            endpoint.close();
            throw e;
        }
    }

    /**
     * The address of this machine from which another is reached, with a free port: where to listen to be found by it.
     *
     * @throws UncheckedIOException if there is no way to it
     */
    public static InetSocketAddress localAddressToward(InetSocketAddress other) {
        try (DatagramSocket socket = new DatagramSocket()) {
            socket.connect(other);
            return new InetSocketAddress(socket.getLocalAddress(), 0);
        } catch (IOException e) {
            throw new UncheckedIOException("there is no way to " + other, e);
        }
    }

    /** Where this endpoint's door is. */
    public InetSocketAddress address() {
        return door.address();
    }

    /** The UDP port by which records come. */
    public int dataPort() {
        return dataPort.number();
    }

    /** The coordinator's name. */
    public String coordinatorId() {
        String name = coordinatorId;
        return name == null ? options.id() : name;
    }

    @Override
    public String id() {
        return options.id();
    }

    @Override
    public Set<String> peers() {
        return Set.copyOf(members.keySet());
    }

    @Override
    public void send(String peer, Message message) {
        WireWriter out = new WireWriter(options.maxMessageBytes());
        options.codec().write(message, out);
        link(peer).message(epoch, out.written());
    }

    @Override
    public void listen(MessageListener listener) {
        dispatcher.listen(listener);
    }

    @Override
    public long epoch() {
        return epoch;
    }

    @Override
    public void epoch(long next) {
        lock.lock();
        try {
            if (next < epoch) {
                throw new IllegalArgumentException("epoch " + next + " is older than the current " + epoch);
            }
            epoch = next;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void exclude(String peer) {
        Link link = links.get(peer);
        if (link != null) {
            link.fail("excluded");
        }
        leave(peer, "excluded");
    }

    @Override
    public <T> Channel<T> sender(String peer, ChannelSpec<T> spec) {
        return channels.sender(link(peer), spec);
    }

    @Override
    public <T> Channel<T> receiver(String peer, ChannelSpec<T> spec) {
        return channels.receiver(link(peer), spec);
    }

    @Override
    public void close() {
        if (closing) {
            return;
        }
        closing = true;
        signal();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channels.close();
        dispatcher.close();
        dataPort.subscription().close();
        driver.release();
    }

    /** The link to a peer; the first time, waits until it is made. */
    private Link link(String peer) {
        Link link = links.get(peer);
        if (link != null && link.isOpen()) {
            return link;
        }
        long left = LINK_WAIT_NANOS;
        lock.lock();
        try {
            while (true) {
                link = links.get(peer);
                if (link != null && link.isOpen()) {
                    return link;
                }
                if (!members.containsKey(peer) || closing) {
                    throw new PeerLostException(
                            peer, closing ? "this endpoint is closed" : "it is no member of the run");
                }
                if (left <= 0) {
                    throw new PeerLostException(
                            peer, "no link to it within " + TimeUnit.NANOSECONDS.toSeconds(LINK_WAIT_NANOS) + " s");
                }
                wanted.add(peer);
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerLostException(peer, "interrupted while waiting for a link to it");
        } finally {
            wanted.remove(peer);
            lock.unlock();
        }
    }

    private void awaitCoordinator(InetSocketAddress address, Duration limit) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (coordinatorId == null) {
                if (left <= 0 || door.isRefusalFinal()) {
                    String hint = door.lastRefusal();
                    throw new PeerLostException(
                            "the coordinator at " + address.getHostString() + ":" + address.getPort(),
                            hint.isEmpty()
                                    ? "no answer within " + limit.toSeconds()
                                            + " s: is it running, and does UDP get through?"
                                    : hint);
                }
                left = changed.awaitNanos(Math.min(left, TICK_NANOS)) + left - Math.min(left, TICK_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerLostException("the coordinator", "interrupted while joining");
        } finally {
            lock.unlock();
        }
    }

    private DataPort reservePort() {
        AeronException last = null;
        for (int attempt = 0; attempt < PORT_ATTEMPTS; attempt++) {
            int port = options.dataPort() == 0 ? freePort() : options.dataPort();
            try {
                String channel =
                        AeronUri.subscription(local, port, driver.sessions().draw());
                return new DataPort(driver.client().addSubscription(channel, AeronUri.STREAM), port);
            } catch (AeronException e) {
                last = e;
            }
        }
        throw new IllegalStateException(
                "cannot take records by UDP on " + local.getHostAddress() + ":" + options.dataPort()
                        + ": is the port taken by another program?",
                last);
    }

    private int freePort() {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(local, 0))) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot open a UDP port on " + local.getHostAddress(), e);
        }
    }

    // From here on the network thread's.

    private void run() {
        IdleStrategy idle = AeronDriver.idle();
        long turn = System.nanoTime();
        long tick = turn;
        long beat = turn;
        while (!closing) {
            long now = System.nanoTime();
            if (now - turn > ABSENT_NANOS) {
                links.values().forEach(link -> link.excuse(now));
            }
            turn = now;
            int work = door.poll(now);
            for (Link link : links.values()) {
                work += turn(link, now);
            }
            if (now - tick >= 0) {
                tick = now + TICK_NANOS;
                ask(now);
            }
            if (now - beat >= 0) {
                beat = now + BEAT_NANOS;
                links.values().forEach(link -> link.beat(epoch));
            }
            idle.idle(work);
        }
        sayGoodbye();
    }

    private int turn(Link link, long now) {
        int work = 0;
        try {
            if (!link.hasFailed()) {
                work += link.poll() + link.flush(epoch);
                judge(link, now);
            }
        } catch (RuntimeException e) {
            LOG.warn("The link to {} has failed", link.peer(), e);
            link.fail(e.toString());
        }
        if (link.hasFailed()) {
            end(link);
        }
        return work;
    }

    private void judge(Link link, long now) {
        long limit = link.isOpen() ? options.silenceLimit().toNanos() : LINK_NANOS;
        if (link.silentNanos(now) > limit) {
            link.fail("no sign of life for " + TimeUnit.NANOSECONDS.toMillis(limit) / 1000.0 + " s");
        }
    }

    private void ask(long now) {
        if (coordinatorDoor != null && coordinatorId == null && links.isEmpty()) {
            door.ask("", coordinatorDoor, now);
        }
        for (String peer : wanted) {
            InetSocketAddress address = members.get(peer);
            if (address != null && !links.containsKey(peer) && !coordinator) {
                door.ask(peer, address, now);
            }
        }
    }

    private void sayGoodbye() {
        WireWriter nothing = new WireWriter(1);
        long until = System.nanoTime() + GOODBYE_NANOS;
        for (Link link : links.values()) {
            link.post(RecordKind.GOODBYE, nothing);
            link.flush(epoch);
        }
        IdleStrategy idle = AeronDriver.idle();
        while (System.nanoTime() - until < 0 && links.values().stream().anyMatch(Link::isConnected)) {
            links.values().forEach(link -> link.flush(epoch));
            idle.idle();
        }
        for (Link link : links.values()) {
            link.fail("this endpoint is closed");
            end(link);
        }
        door.close();
    }

    /** A link has been heard for the first time. */
    private void opened(Link link) {
        String peer = link.peer();
        door.settled(link.introduction().random());
        if (coordinator) {
            for (Map.Entry<String, InetSocketAddress> other : members.entrySet()) {
                link.post(RecordKind.MEMBER, member(other.getKey(), other.getValue()));
            }
            joined(peer, link.introduction().door());
            tellOthers(peer, RecordKind.MEMBER, member(peer, link.introduction().door()));
        } else if (coordinatorId == null) {
            coordinatorId = peer;
            joined(peer, link.introduction().door());
        }
        signal();
    }

    private void joined(String peer, InetSocketAddress address) {
        if (members.put(peer, address) == null) {
            dispatcher.joined(peer);
        }
    }

    private void end(Link link) {
        links.remove(link.peer(), link);
        link.close();
        driver.sessions().end(link.introduction().session());
        channels.lost(link.peer());
        // Who is a member is the coordinator's word alone: where a link between two others breaks, they may make a new
        // one.
        if (coordinator || link.peer().equals(coordinatorId)) {
            leave(link.peer(), link.failure());
        }
    }

    /** A member has gone; told once. */
    private void leave(String peer, String why) {
        if (members.remove(peer) != null) {
            dispatcher.lost(peer, why);
            if (coordinator) {
                WireWriter gone = new WireWriter(1 << 12);
                gone.text(peer);
                gone.text(why);
                tellOthers(peer, RecordKind.GONE, gone);
            }
        }
        signal();
    }

    private void tellOthers(String peer, int kind, WireWriter fields) {
        for (Link link : links.values()) {
            if (link.isOpen() && !link.peer().equals(peer)) {
                link.post(kind, fields);
            }
        }
    }

    private static WireWriter member(String id, InetSocketAddress address) {
        WireWriter fields = new WireWriter(1 << 12);
        fields.text(id);
        fields.bytes(address.getAddress().getAddress());
        fields.u16(address.getPort());
        return fields;
    }

    private void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Lets those in who have shown the key. */
    private final class Household implements Door.Household {
        @Override
        public boolean isPresent(String peer) {
            Link link = links.get(peer);
            return link != null && link.isOpen() && link.silentNanos(System.nanoTime()) < PRESENT_NANOS;
        }

        @Override
        public void welcome(Introduction introduction) {
            Link before = links.get(introduction.peer());
            if (before != null) {
                before.fail("it has joined anew");
                end(before);
            }
            try {
                Link link = new Link(
                        introduction, driver, local, dataPort.number(), options, new FromLink(), System.nanoTime());
                links.put(introduction.peer(), link);
                link.beat(epoch);
            } catch (RuntimeException e) {
                driver.sessions().end(introduction.session());
                LOG.warn("No link to {} can be made", introduction.peer(), e);
            }
        }
    }

    /** Takes what the links receive. */
    private final class FromLink implements Link.Receiver {
        private boolean announced;

        @Override
        public void heard(Link link) {
            if (!announced) {
                announced = true;
                opened(link);
            }
        }

        @Override
        public boolean hasRoom() {
            return dispatcher.hasRoom();
        }

        @Override
        public void message(Link link, long stamp, ByteBuffer bytes) {
            if (stamp < epoch) {
                refused(link, "a message of epoch " + stamp + ", now is epoch " + epoch);
                return;
            }
            int size = bytes.remaining();
            dispatcher.offer(link.peer(), options.codec().read(new WireReader(bytes)), size);
        }

        @Override
        public void control(Link link, int kind, WireReader fields) {
            switch (kind) {
                case RecordKind.GOODBYE -> link.fail("it has left");
                case RecordKind.MEMBER -> member(link, fields);
                case RecordKind.GONE -> gone(link, fields);
                case RecordKind.CHANNEL_OPEN -> channels.opened(link, fields);
                case RecordKind.CHANNEL_CLOSED -> channels.closed(link, fields);
                default -> throw new MalformedFrameException("a record of kind " + kind);
            }
        }

        @Override
        public void refused(Link link, String why) {
            refusals.note("Refused a record from " + link.peer() + ": " + why);
        }

        private void member(Link link, WireReader fields) {
            checkCoordinator(link);
            String id = fields.text();
            byte[] address = fields.bytes();
            int port = fields.u16();
            fields.end();
            if (!id.equals(options.id())) {
                try {
                    joined(id, new InetSocketAddress(InetAddress.getByAddress(address), port));
                } catch (IOException e) {
                    throw new MalformedFrameException("an address of " + address.length + " bytes");
                }
            }
        }

        private void gone(Link link, WireReader fields) {
            checkCoordinator(link);
            String id = fields.text();
            String why = fields.text();
            fields.end();
            Link other = links.get(id);
            if (other != null) {
                other.fail(why);
            }
            leave(id, why);
        }

        private void checkCoordinator(Link link) {
            if (!link.peer().equals(coordinatorId)) {
                throw new MalformedFrameException(
                        "news of members from " + link.peer() + ", which does not admit them");
            }
        }
    }
}
