package io.github.skydl4j.transport;

/** Bytes from the network are not what the codec allows. Nothing of them has been acted upon. */
public final class MalformedFrameException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public MalformedFrameException(String message) {
        super(message);
    }

    MalformedFrameException(String message, Throwable cause) {
        super(message, cause);
    }
}
