package io.github.skydl4j.bert;

/** A checkpoint that cannot be used: malformed, incomplete or of another shape. The message says where and why. */
public final class CheckpointException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    CheckpointException(String message) {
        super(message);
    }

    CheckpointException(String message, Throwable cause) {
        super(message, cause);
    }
}
