package io.github.skydl4j.transport;

import io.github.skydl4j.pipeline.Channel;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** A member of a {@link LoopbackNetwork}. */
final class LoopbackEndpoint implements Endpoint {
    private static final Duration SEND_LIMIT = Duration.ofSeconds(10);
    private static final int MAX_MESSAGE_BYTES = 16 << 20;

    /** What a channel is known by at its receiving end. */
    private record ChannelKey(String from, long id) {}

    private final LoopbackNetwork network;
    private final String id;
    private final MessageCodec codec;
    private final Dispatcher dispatcher;
    private final Set<String> peers = new LinkedHashSet<>();
    private final Map<ChannelKey, LoopbackChannel<?>> incoming = new HashMap<>();
    private long epoch;

    LoopbackEndpoint(LoopbackNetwork network, String id, MessageCodec codec) {
        this.network = network;
        this.id = id;
        this.codec = codec;
        dispatcher = new Dispatcher(id);
    }

    @Override
    public String id() {
        return id;
    }

    @Override
    public synchronized Set<String> peers() {
        return Set.copyOf(peers);
    }

    @Override
    public void send(String peer, Message message) {
        WireWriter out = new WireWriter(MAX_MESSAGE_BYTES);
        codec.write(message, out);
        LoopbackEndpoint other = other(peer);
        if (other.accepts(id, epoch())) {
            Message copy = codec.read(new WireReader(out.written()));
            if (!other.dispatcher.put(id, copy, out.size(), SEND_LIMIT)) {
                throw new PeerLostException(peer, "it has taken no message for " + SEND_LIMIT.toSeconds() + " s");
            }
        }
    }

    @Override
    public void listen(MessageListener listener) {
        dispatcher.listen(listener);
    }

    @Override
    public synchronized long epoch() {
        return epoch;
    }

    @Override
    public synchronized void epoch(long next) {
        if (next < epoch) {
            throw new IllegalArgumentException("epoch " + next + " is older than the current " + epoch);
        }
        epoch = next;
    }

    @Override
    public void exclude(String peer) {
        LoopbackEndpoint other = network.member(peer);
        lose(peer, "excluded");
        if (other != null) {
            other.lose(id, "no sign of life");
        }
    }

    @Override
    public <T> Channel<T> sender(String peer, ChannelSpec<T> spec) {
        return other(peer).channel(this, spec);
    }

    @Override
    public <T> Channel<T> receiver(String peer, ChannelSpec<T> spec) {
        return channel(other(peer), spec);
    }

    @Override
    public void close() {
        network.remove(id, "left");
        dispatcher.close();
    }

    /** True if what a peer sends in an epoch is taken. */
    synchronized boolean accepts(String from, long itsEpoch) {
        return peers.contains(from) && itsEpoch >= epoch;
    }

    void meet(String peer) {
        synchronized (this) {
            peers.add(peer);
        }
        dispatcher.joined(peer);
    }

    void lose(String peer, String why) {
        synchronized (this) {
            if (!peers.remove(peer)) {
                return;
            }
            for (Iterator<LoopbackChannel<?>> i = incoming.values().iterator(); i.hasNext(); ) {
                LoopbackChannel<?> channel = i.next();
                if (channel.isFrom(peer)) {
                    channel.close();
                    i.remove();
                }
            }
        }
        dispatcher.lost(peer, why);
    }

    /** The one channel of both ends; made by whoever asks first, made anew when the last one has been closed. */
    @SuppressWarnings("unchecked") // both ends name the same form
    private synchronized <T> Channel<T> channel(LoopbackEndpoint from, ChannelSpec<T> spec) {
        ChannelKey key = new ChannelKey(from.id(), spec.id());
        LoopbackChannel<?> present = incoming.get(key);
        if (present == null || present.isClosed()) {
            present = new LoopbackChannel<>(spec, from, this);
            incoming.put(key, present);
        }
        return (Channel<T>) present;
    }

    private LoopbackEndpoint other(String peer) {
        LoopbackEndpoint other = network.member(peer);
        if (other == null || !peers().contains(peer)) {
            throw new PeerLostException(peer, "it is no member of the run");
        }
        return other;
    }
}
