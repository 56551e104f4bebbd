package io.github.skydl4j.transport;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread of an endpoint that polls its door and its links, gives signs of life, watches for those of the peers, and
 * makes and ends links.
 */
final class NetworkThread implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NetworkThread.class);
    private static final long TICK_NANOS = 100_000_000;
    private static final long BEAT_NANOS = 500_000_000;
    /** A member that was heard within this time is alive, and its name is taken. */
    private static final long PRESENT_NANOS = 1_500_000_000;
    /** A turn of this thread that took so long says nothing about the peers. */
    private static final long ABSENT_NANOS = 1_000_000_000;

    private static final long LINK_NANOS = 3_000_000_000L;
    private static final long GOODBYE_NANOS = 300_000_000;

    private final EndpointOptions options;
    private final boolean coordinator;
    private final @Nullable InetSocketAddress coordinatorDoor;
    private final AeronDriver driver;
    private final Members members;
    private final LongSupplier epoch;
    private final InetAddress local;
    private final DataPort dataPort;
    private final Door door;
    private final Dispatcher dispatcher;
    private final BoundaryChannels channels;
    private final RefusalLog refusals = new RefusalLog(System::nanoTime, LOG::warn);
    private final Thread thread;
    private volatile boolean closing;

    /**
     * Opens the ports and starts.
     *
     * @param coordinatorDoor where to join; none at the coordinator
     * @param epoch the endpoint's epoch as it is now
     */
    NetworkThread(
            EndpointOptions options,
            @Nullable InetSocketAddress coordinatorDoor,
            AeronDriver driver,
            Members members,
            LongSupplier epoch) {
        this.options = options;
        this.coordinatorDoor = coordinatorDoor;
        this.coordinator = coordinatorDoor == null;
        this.driver = driver;
        this.members = members;
        this.epoch = epoch;
        this.local = options.listen().getAddress();
        long instance = new SecureRandom().nextLong();
        dataPort = DataPort.reserve(driver, local, options.dataPort());
        door = new Door(options, instance, dataPort.number(), driver.sessions(), new Household());
        dispatcher = new Dispatcher(options.id());
        channels = new BoundaryChannels(options, instance, driver, local, dataPort.number(), epoch);
        thread = new Thread(this::run, "sky-network-" + options.id());
        thread.setDaemon(true);
        thread.start();
    }

    Door door() {
        return door;
    }

    int dataPort() {
        return dataPort.number();
    }

    Dispatcher dispatcher() {
        return dispatcher;
    }

    BoundaryChannels channels() {
        return channels;
    }

    /** Says good-bye to all peers and gives everything back. */
    @Override
    public void close() {
        closing = true;
        members.close();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(10));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        channels.close();
        dispatcher.close();
        dataPort.close();
    }

    /** A member has gone; told once. Any thread may say so. */
    void leave(String peer, String why) {
        if (members.remove(peer)) {
            dispatcher.lost(peer, why);
            if (coordinator) {
                WireWriter gone = new WireWriter(1 << 12);
                gone.text(peer);
                gone.text(why);
                tellOthers(peer, RecordKind.GONE, gone);
            }
        }
        members.signal();
    }

    private void run() {
        IdleStrategy idle = AeronDriver.idle();
        long turn = System.nanoTime();
        long tick = turn;
        long beat = turn;
        while (!closing) {
            long now = System.nanoTime();
            if (now - turn > ABSENT_NANOS) {
                members.links().forEach(link -> link.excuse(now));
            }
            turn = now;
            int work = door.poll(now);
            for (Link link : members.links()) {
                work += turn(link, now);
            }
            if (now - tick >= 0) {
                tick = now + TICK_NANOS;
                ask(now);
            }
            if (now - beat >= 0) {
                beat = now + BEAT_NANOS;
                members.links().forEach(link -> link.beat(epoch.getAsLong()));
            }
            idle.idle(work);
        }
        sayGoodbye();
    }

    private int turn(Link link, long now) {
        int work = 0;
        try {
            if (!link.hasFailed()) {
                work += link.poll() + link.flush(epoch.getAsLong());
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
        if (coordinatorDoor != null
                && members.coordinatorId() == null
                && members.links().isEmpty()) {
            door.ask("", coordinatorDoor, now);
        }
        for (String peer : members.wanted()) {
            InetSocketAddress address = members.doors().get(peer);
            if (address != null && members.present(peer) == null && !coordinator) {
                door.ask(peer, address, now);
            }
        }
    }

    private void sayGoodbye() {
        WireWriter nothing = new WireWriter(1);
        long until = System.nanoTime() + GOODBYE_NANOS;
        for (Link link : members.links()) {
            link.post(RecordKind.GOODBYE, nothing);
            link.flush(epoch.getAsLong());
        }
        IdleStrategy idle = AeronDriver.idle();
        while (System.nanoTime() - until < 0 && members.links().stream().anyMatch(Link::isConnected)) {
            members.links().forEach(link -> link.flush(epoch.getAsLong()));
            idle.idle();
        }
        for (Link link : members.links()) {
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
            for (Map.Entry<String, InetSocketAddress> other : members.doors().entrySet()) {
                link.post(RecordKind.MEMBER, new MemberNews(other.getKey(), other.getValue()).fields());
            }
            joined(peer, link.introduction().door());
            tellOthers(
                    peer,
                    RecordKind.MEMBER,
                    new MemberNews(peer, link.introduction().door()).fields());
        } else if (members.coordinatorId() == null) {
            members.coordinatorId(peer);
            joined(peer, link.introduction().door());
        }
        members.signal();
    }

    private void joined(String peer, InetSocketAddress address) {
        if (members.add(peer, address)) {
            dispatcher.joined(peer);
        }
    }

    private void end(Link link) {
        members.remove(link);
        link.close();
        driver.sessions().end(link.introduction().session());
        channels.lost(link.peer());
        // Who is a member is the coordinator's word alone: where a link between two others breaks, they may make a new
        // one.
        if (coordinator || members.isCoordinator(link)) {
            leave(link.peer(), link.failure());
        }
    }

    private void tellOthers(String peer, int kind, WireWriter fields) {
        for (Link link : members.links()) {
            if (link.isOpen() && !link.peer().equals(peer)) {
                link.post(kind, fields);
            }
        }
    }

    /** Lets those in who have shown the key. */
    private final class Household implements Door.Household {
        @Override
        public boolean isPresent(String peer) {
            Link link = members.present(peer);
            return link != null && link.isOpen() && link.silentNanos(System.nanoTime()) < PRESENT_NANOS;
        }

        @Override
        public void welcome(Introduction introduction) {
            Link before = members.present(introduction.peer());
            if (before != null) {
                before.fail("it has joined anew");
                end(before);
            }
            try {
                Link link = new Link(
                        introduction, driver, local, dataPort.number(), options, new FromLink(), System.nanoTime());
                members.add(link);
                link.beat(epoch.getAsLong());
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
            long now = epoch.getAsLong();
            if (stamp < now) {
                refused(link, "a message of epoch " + stamp + ", now is epoch " + now);
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
            MemberNews news = MemberNews.read(fields);
            if (!news.id().equals(options.id())) {
                joined(news.id(), news.door());
            }
        }

        private void gone(Link link, WireReader fields) {
            checkCoordinator(link);
            String id = fields.text();
            String why = fields.text();
            fields.end();
            Link other = members.present(id);
            if (other != null) {
                other.fail(why);
            }
            leave(id, why);
        }

        private void checkCoordinator(Link link) {
            if (!members.isCoordinator(link)) {
                throw new MalformedFrameException(
                        "news of members from " + link.peer() + ", which does not admit them");
            }
        }
    }
}
