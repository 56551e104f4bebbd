package io.github.skydl4j.monitor;

/** Follows what a monitor collects, on the thread that trains; {@link #finished} may come from the thread that ends the JVM.
 * What it throws ends the training: it should not throw. */
public interface MonitorListener {
    /** The stages have been planned, for the first time or anew. */
    default void planned(PipelinePlan plan) {}

    /** A step is done. */
    default void stepDone(MonitoredStep step) {}

    /** Something happened to the run as a whole. */
    default void happened(RunEvent event) {}

    /** Nothing more will come. */
    default void finished() {}
}
