package io.github.skydl4j.spark;

/** Where the stages of a network are hosted. */
public enum StagePlace {
    /** On executors; in the driver's JVM with a {@code local} master, which has no other. */
    AUTOMATIC,
    /** In the driver's JVM, one thread a stage. */
    DRIVER,
    /** In long-running tasks, one a worker, that talk with the driver and each other over the network. */
    EXECUTORS
}
