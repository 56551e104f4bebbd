package io.github.skydl4j.graph;

/** A graph cannot be cut or trained as a pipeline; the message names the vertex, the reason and what to do. */
public final class UnsupportedGraphException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    /** Creates the refusal of a whole graph. */
    public UnsupportedGraphException(String message) {
        super(message);
    }

    /** Creates the refusal of a graph because of one vertex. */
    public UnsupportedGraphException(String vertex, String reason) {
        super("vertex \"" + vertex + "\": " + reason);
    }
}
