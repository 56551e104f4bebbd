package io.github.skydl4j.transport;

/** A peer cannot be reached: it has left, was found dead or was excluded. What was sent to it may have been lost. */
public class PeerLostException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String peer;

    public PeerLostException(String peer, String why) {
        super(peer + " cannot be reached: " + why);
        this.peer = peer;
    }

    /** Who it is. */
    public String peer() {
        return peer;
    }
}
