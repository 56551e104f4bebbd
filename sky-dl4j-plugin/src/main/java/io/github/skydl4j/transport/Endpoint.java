package io.github.skydl4j.transport;

import io.github.skydl4j.pipeline.Channel;
import java.util.Set;

/**
 * A member's place in a run: it knows its peers, sends them messages, and opens boundary channels to them. Every member
 * sees every other; one of them, the coordinator, admits the rest.
 *
 * <p>Thread-safe. What is sent to a peer arrives in order or the peer is lost; a message to a peer that has been lost may or
 * may not have arrived.
 */
public interface Endpoint extends AutoCloseable {
    /** This member's name, unique in the run. */
    String id();

    /** The members that can be sent to now. */
    Set<String> peers();

    /**
     * Sends a message. Waits while the way to the peer is full.
     *
     * <p>A message may have some megabytes; larger things, such as the parameters of a stage, go as many messages, which
     * bounds the memory on both sides.
     *
     * @throws PeerLostException if the peer is not there, or does not take the message within the send limit
     * @throws IllegalArgumentException if the message is not listed in the codec, or larger than the limit
     */
    void send(String peer, Message message);

    /**
     * Adds a listener. It first hears {@code joined} for every peer that is there already.
     *
     * <p>Messages that come before the first listener is added wait for it.
     */
    void listen(MessageListener listener);

    /** The number of the run's epoch, stamped on everything that is sent. */
    long epoch();

    /**
     * Begins an epoch: from now on messages and tensors of an older one are refused, so that a member that was taken for
     * dead cannot disturb the run when it wakes. Signs of life are taken whatever their epoch. Each member does this for
     * itself, usually when the coordinator's message says so.
     *
     * @throws IllegalArgumentException if it is older than the current one
     */
    void epoch(long epoch);

    /**
     * Ends the connection to a peer and refuses whatever still comes from it; listeners hear that it is lost. It may join
     * again, as a new member.
     */
    void exclude(String peer);

    /**
     * The sending end of a boundary channel to a peer. The peer's end may be opened before or after.
     *
     * <p>What is sent is read from the arrays' own memory while it travels; sending waits, within the send limit, when more
     * messages than the capacity are under way. Closing either end closes the other; so does the loss of the peer.
     */
    <T> Channel<T> sender(String peer, ChannelSpec<T> spec);

    /** The receiving end of a boundary channel from a peer; see {@link #sender}. */
    <T> Channel<T> receiver(String peer, ChannelSpec<T> spec);

    /** Says good-bye to all peers and gives everything back. */
    @Override
    void close();
}
