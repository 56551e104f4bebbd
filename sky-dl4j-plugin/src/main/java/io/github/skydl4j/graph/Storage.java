package io.github.skydl4j.graph;

/** Where a stage keeps its parameters and gradients. */
public enum Storage {
    /** In the whole network's own arrays: training a stage trains the network in place. One JVM only. */
    SHARED,
    /** In arrays of its own, filled from the network; {@link GraphMerger} brings them back. */
    COPIED
}
