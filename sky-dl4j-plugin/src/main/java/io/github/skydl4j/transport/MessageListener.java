package io.github.skydl4j.transport;

/**
 * Hears what happens at an endpoint. Called on the endpoint's dispatcher thread, one call at a time; must not block, and
 * may send.
 */
public interface MessageListener {
    /** A message has arrived. Messages of one peer come in the order in which they were sent. */
    void received(String peer, Message message);

    /** A peer has been admitted and can be sent to. */
    default void joined(String peer) {}

    /**
     * A peer has gone. Nothing more is received from it unless it joins again.
     *
     * @param why one line, such as "no sign of life for 4 s"
     */
    default void lost(String peer, String why) {}
}
