package io.github.skydl4j.cluster;

/** A snapshot cannot be written or read; the message names the file, what is wrong, and what to do. */
public final class SnapshotException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    SnapshotException(String message) {
        super(message);
    }

    SnapshotException(String message, Throwable cause) {
        super(message + ": " + cause, cause);
    }
}
