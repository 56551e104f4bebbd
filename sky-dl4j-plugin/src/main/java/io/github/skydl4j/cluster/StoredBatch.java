package io.github.skydl4j.cluster;

/**
 * A batch that the stages read by themselves: those that take features, and those that take labels. Immutable.
 *
 * @param path of the file
 * @param next the file after it, which is read meanwhile; empty for none
 */
public record StoredBatch(String path, String next) {}
