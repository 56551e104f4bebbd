package io.github.skydl4j.cli;

import io.github.skydl4j.StepListener;

/** Shows how far a run is. */
interface RunProgress extends StepListener, AutoCloseable {
    /** The first step is about to begin. */
    void begin();

    /** No step will follow. */
    @Override
    default void close() {}
}
