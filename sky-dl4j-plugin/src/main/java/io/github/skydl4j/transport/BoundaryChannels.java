package io.github.skydl4j.transport;

import io.aeron.Subscription;
import io.github.skydl4j.pipeline.Channel;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.LongSupplier;
import java.util.stream.Stream;
import org.agrona.concurrent.IdleStrategy;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The boundary channels of an endpoint, and the thread that receives for all of them.
 *
 * <p>The receiving end opens first on the network: it draws an Aeron session, and tells the other end, which begins to
 * publish. Between two endpoints of one JVM there is one object instead, kept at the receiving endpoint.
 */
final class BoundaryChannels implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(BoundaryChannels.class);
    private static final int TERM_BYTES = 8 << 20;

    /** The endpoints of this JVM. */
    private static final Map<Long, BoundaryChannels> LOCAL = new ConcurrentHashMap<>();

    /** A channel at this endpoint: the peer at its other end, and its number. */
    private record Key(String peer, long id) {}

    /** What the receiving end has said. */
    private record Offer(int session, int stream) {}

    private final EndpointOptions options;
    private final long instance;
    private final AeronDriver driver;
    private final InetAddress local;
    private final int dataPort;
    private final LongSupplier epoch;
    private final Map<Key, OutgoingChannel<?>> outgoing = new HashMap<>();
    private final Map<Key, Offer> offers = new HashMap<>();
    private final Map<Key, IncomingChannel<?>> incoming = new HashMap<>();
    private final Map<Key, HandOverChannel<?>> handOvers = new HashMap<>();
    private final Map<Key, HandOverChannel<?>> handedOut = new HashMap<>();
    private final List<IncomingChannel<?>> polled = new CopyOnWriteArrayList<>();
    private final Thread thread;
    private volatile boolean closed;

    BoundaryChannels(
            EndpointOptions options,
            long instance,
            AeronDriver driver,
            InetAddress local,
            int dataPort,
            LongSupplier epoch) {
        this.options = options;
        this.instance = instance;
        this.driver = driver;
        this.local = local;
        this.dataPort = dataPort;
        this.epoch = epoch;
        LOCAL.put(instance, this);
        thread = new Thread(this::run, "sky-tensors-" + options.id());
        thread.setDaemon(true);
        thread.start();
    }

    <T> Channel<T> sender(Link link, ChannelSpec<T> spec) {
        BoundaryChannels other = neighbour(link);
        if (other == null) {
            return overNetwork(link, spec);
        }
        HandOverChannel<T> channel = other.handOver(options.id(), spec, this);
        synchronized (this) {
            handedOut.put(new Key(link.peer(), spec.id()), channel);
        }
        return channel;
    }

    <T> Channel<T> receiver(Link link, ChannelSpec<T> spec) {
        BoundaryChannels other = neighbour(link);
        return other == null ? fromNetwork(link, spec) : handOver(link.peer(), spec, other);
    }

    /** The peer's receiving end is open. */
    void opened(Link link, WireReader fields) {
        Key key = new Key(link.peer(), fields.i64());
        Offer offer = new Offer(fields.i32(), fields.i32());
        fields.end();
        link.outgoingStream(offer.stream());
        OutgoingChannel<?> waiting;
        synchronized (this) {
            waiting = outgoing.get(key);
            if (waiting == null) {
                offers.put(key, offer);
                return;
            }
        }
        waiting.open(publication(link, offer), offer.stream());
    }

    /** The peer has closed an end of a channel. */
    void closed(Link link, WireReader fields) {
        Key key = new Key(link.peer(), fields.i64());
        int stream = fields.i32();
        boolean receiving = fields.bool();
        fields.end();
        OutgoingChannel<?> out = null;
        IncomingChannel<?> in = null;
        synchronized (this) {
            if (receiving) {
                Offer offer = offers.get(key);
                if (offer != null && offer.stream() == stream) {
                    offers.remove(key);
                } else {
                    out = outgoing.remove(key);
                }
            } else {
                in = incoming.get(key);
            }
        }
        if (out != null) {
            out.shut();
        }
        if (in != null && (stream == 0 || in.stream() == stream)) {
            in.shut();
        }
    }

    /** The peer is lost: its channels are closed. */
    void lost(String peer) {
        List<OutgoingChannel<?>> outs;
        List<IncomingChannel<?>> ins;
        List<HandOverChannel<?>> overs = new ArrayList<>();
        synchronized (this) {
            outs = matching(outgoing, peer);
            ins = matching(incoming, peer);
            overs.addAll(matching(handOvers, peer));
            overs.addAll(matching(handedOut, peer));
            offers.keySet().removeIf(key -> key.peer().equals(peer));
            outgoing.keySet().removeIf(key -> key.peer().equals(peer));
            handOvers.keySet().removeIf(key -> key.peer().equals(peer));
            handedOut.keySet().removeIf(key -> key.peer().equals(peer));
        }
        outs.forEach(OutgoingChannel::shut);
        ins.forEach(IncomingChannel::shut);
        overs.forEach(HandOverChannel::close);
    }

    @Override
    public void close() {
        LOCAL.remove(instance);
        List<String> peers;
        synchronized (this) {
            closed = true;
            peers = Stream.of(outgoing, incoming, handOvers, handedOut)
                    .flatMap(channels -> channels.keySet().stream().map(Key::peer))
                    .distinct()
                    .toList();
        }
        peers.forEach(this::lost);
        try {
            thread.join(2_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private @Nullable BoundaryChannels neighbour(Link link) {
        return options.handOver() ? LOCAL.get(link.introduction().place().instance()) : null;
    }

    @SuppressWarnings("unchecked") // both ends name the same form
    private synchronized <T> HandOverChannel<T> handOver(String from, ChannelSpec<T> spec, BoundaryChannels sender) {
        Key key = new Key(from, spec.id());
        HandOverChannel<?> present = handOvers.get(key);
        if (present == null || present.isClosed()) {
            String name = "channel " + spec.id() + " from " + from + " to " + options.id();
            present = new HandOverChannel<>(
                    name, spec, options.sendLimit(), () -> sender.epoch.getAsLong() >= epoch.getAsLong());
            handOvers.put(key, present);
        }
        return (HandOverChannel<T>) present;
    }

    private <T> Channel<T> overNetwork(Link link, ChannelSpec<T> spec) {
        Key key = new Key(link.peer(), spec.id());
        OutgoingChannel<T> channel = new OutgoingChannel<>(
                spec, link, options.id(), options.sendLimit(), epoch, closed -> closed(link, key, closed));
        Offer offer;
        OutgoingChannel<?> before;
        synchronized (this) {
            before = outgoing.put(key, channel);
            offer = offers.remove(key);
        }
        if (before != null) {
            before.shut();
        }
        if (offer != null) {
            channel.open(publication(link, offer), offer.stream());
        }
        if (link.hasFailed()) {
            channel.shut();
        }
        return channel;
    }

    private <T> Channel<T> fromNetwork(Link link, ChannelSpec<T> spec) {
        Key key = new Key(link.peer(), spec.id());
        int session = driver.sessions().draw();
        int stream = link.nextIncomingStream();
        Subscription subscription =
                driver.client().addSubscription(AeronUri.subscription(local, dataPort, session), AeronUri.STREAM);
        IncomingChannel<T> channel = new IncomingChannel<>(
                spec,
                stream,
                options.maxTensorBytes(),
                link,
                options.id(),
                subscription,
                epoch,
                () -> link.post(RecordKind.CHANNEL_CLOSED, closedFields(key, stream, true)),
                () -> driver.sessions().end(session));
        IncomingChannel<?> before;
        synchronized (this) {
            before = incoming.put(key, channel);
            polled.add(channel);
        }
        if (before != null) {
            before.shut();
        }
        WireWriter fields = new WireWriter(64);
        fields.i64(spec.id());
        fields.i32(session);
        fields.i32(stream);
        link.post(RecordKind.CHANNEL_OPEN, fields);
        if (link.hasFailed()) {
            channel.shut();
        }
        return channel;
    }

    private void closed(Link link, Key key, OutgoingChannel<?> channel) {
        synchronized (this) {
            outgoing.remove(key, channel);
        }
        link.post(RecordKind.CHANNEL_CLOSED, closedFields(key, channel.stream(), false));
    }

    private static WireWriter closedFields(Key key, int stream, boolean receiving) {
        WireWriter fields = new WireWriter(64);
        fields.i64(key.id());
        fields.i32(stream);
        fields.bool(receiving);
        return fields;
    }

    private RecordPublication publication(Link link, Offer offer) {
        return new RecordPublication(
                driver.client(), link.data(), offer.session(), link.mtu(), TERM_BYTES, link.sealer(offer.stream()));
    }

    private static <C> List<C> matching(Map<Key, C> channels, String peer) {
        return channels.entrySet().stream()
                .filter(entry -> entry.getKey().peer().equals(peer))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void run() {
        IdleStrategy idle = AeronDriver.idle();
        while (!closed) {
            int work = 0;
            for (IncomingChannel<?> channel : polled) {
                work += poll(channel);
            }
            idle.idle(work);
        }
        polled.forEach(IncomingChannel::release);
    }

    private int poll(IncomingChannel<?> channel) {
        if (channel.isClosed()) {
            polled.remove(channel);
            synchronized (this) {
                incoming.values().remove(channel);
            }
            channel.release();
            return 1;
        }
        try {
            return channel.poll();
        } catch (RuntimeException e) {
            LOG.warn("A boundary channel has failed", e);
            channel.close();
            return 0;
        }
    }
}
