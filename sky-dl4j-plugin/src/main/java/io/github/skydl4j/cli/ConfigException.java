package io.github.skydl4j.cli;

/** A configuration that cannot be used. The message is one line: where, what was found, what is allowed. */
final class ConfigException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ConfigException(String message) {
        super(message);
    }

    ConfigException(String message, Throwable cause) {
        super(message, cause);
    }
}
