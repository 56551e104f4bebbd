package io.github.skydl4j.cluster;

/** Thrown where fewer workers have joined in time than a run was told to wait for. */
public final class MissingWorkersException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    MissingWorkersException(String message) {
        super(message);
    }
}
