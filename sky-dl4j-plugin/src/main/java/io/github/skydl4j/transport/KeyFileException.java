package io.github.skydl4j.transport;

import org.jspecify.annotations.Nullable;

/** A key file cannot be used; the message says why and what to do. */
public final class KeyFileException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KeyFileException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
