package io.github.skydl4j.cluster;

import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.transport.ChannelSpec;
import io.github.skydl4j.transport.Endpoint;
import io.github.skydl4j.transport.Message;
import io.github.skydl4j.transport.MessageListener;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/** An endpoint that keeps what is sent from it. */
final class SentMessages implements Endpoint {
    private final Endpoint endpoint;
    final List<Message> messages = new CopyOnWriteArrayList<>();

    SentMessages(Endpoint endpoint) {
        this.endpoint = endpoint;
    }

    @Override
    public void send(String peer, Message message) {
        messages.add(message);
        endpoint.send(peer, message);
    }

    @Override
    public String id() {
        return endpoint.id();
    }

    @Override
    public Set<String> peers() {
        return endpoint.peers();
    }

    @Override
    public void listen(MessageListener listener) {
        endpoint.listen(listener);
    }

    @Override
    public long epoch() {
        return endpoint.epoch();
    }

    @Override
    public void epoch(long epoch) {
        endpoint.epoch(epoch);
    }

    @Override
    public void exclude(String peer) {
        endpoint.exclude(peer);
    }

    @Override
    public <T> Channel<T> sender(String peer, ChannelSpec<T> spec) {
        return endpoint.sender(peer, spec);
    }

    @Override
    public <T> Channel<T> receiver(String peer, ChannelSpec<T> spec) {
        return endpoint.receiver(peer, spec);
    }

    @Override
    public void close() {
        endpoint.close();
    }
}
