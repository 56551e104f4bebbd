package io.github.skydl4j.transport;

import io.github.skydl4j.pipeline.Channel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A member of a run over the network: its door admits members by the key, a sealed link leads to each, boundary channels run
 * beside the links, all by one Aeron media driver in this JVM.
 *
 * <p>Design: one thread, {@link NetworkThread}, makes, serves and ends the links; who wants to say something waits for its link
 * at {@link Members}. The coordinator tells every member of every other, and members link with one another when
 * they first have something to say. {@code docs/security.md} says what is protected and what is not.
 */
public final class AeronEndpoint implements Endpoint {
    private final EndpointOptions options;
    private final AeronDriver driver;
    private final Members members = new Members();
    private final NetworkThread network;
    private final AtomicLong epoch = new AtomicLong();
    private final AtomicBoolean closed = new AtomicBoolean();

    private AeronEndpoint(EndpointOptions options, @Nullable InetSocketAddress coordinatorDoor) {
        this.options = options;
        driver = AeronDriver.acquire(options.memoryFolder(), options.packetLoss());
        try {
            network = new NetworkThread(options, coordinatorDoor, driver, members, epoch::get);
        } catch (RuntimeException e) {
            driver.release();
            throw e;
        }
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
     * @throws AdmissionException if it has not within the limit, or has refused; the message says what is known
     */
    public static AeronEndpoint join(EndpointOptions options, InetSocketAddress door, Duration limit) {
        if (door.isUnresolved()) {
            throw new IllegalArgumentException("the host " + door.getHostString() + " is not known");
        }
        AeronEndpoint endpoint = new AeronEndpoint(options, door);
        try {
            endpoint.members.awaitCoordinator(door, limit, endpoint.network.door());
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
        return network.door().address();
    }

    /** The UDP port by which records come. */
    public int dataPort() {
        return network.dataPort();
    }

    /** The coordinator's name. */
    public String coordinatorId() {
        String name = members.coordinatorId();
        return name == null ? options.id() : name;
    }

    @Override
    public String id() {
        return options.id();
    }

    @Override
    public Set<String> peers() {
        return members.names();
    }

    @Override
    public void send(String peer, Message message) {
        WireWriter out = new WireWriter(options.maxMessageBytes());
        options.codec().write(message, out);
        members.link(peer).message(epoch.get(), out.written());
    }

    @Override
    public void listen(MessageListener listener) {
        network.dispatcher().listen(listener);
    }

    @Override
    public long epoch() {
        return epoch.get();
    }

    @Override
    public void epoch(long next) {
        long before = epoch.getAndUpdate(current -> Math.max(current, next));
        if (next < before) {
            throw new IllegalArgumentException("epoch " + next + " is older than the current " + before);
        }
    }

    @Override
    public void exclude(String peer) {
        Link link = members.present(peer);
        if (link != null) {
            link.fail("excluded");
        }
        network.leave(peer, "excluded");
    }

    @Override
    public <T> Channel<T> sender(String peer, ChannelSpec<T> spec) {
        return network.channels().sender(members.link(peer), spec);
    }

    @Override
    public <T> Channel<T> receiver(String peer, ChannelSpec<T> spec) {
        return network.channels().receiver(members.link(peer), spec);
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            network.close();
            driver.release();
        }
    }
}
