package io.github.skydl4j.text;

/**
 * Text data that cannot be used as asked. The message is one line for the person who chose the data: where it is, what
 * was found, what is allowed or what to do.
 */
public final class TextException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public TextException(String message) {
        super(message);
    }

    public TextException(String message, Throwable cause) {
        super(message, cause);
    }
}
