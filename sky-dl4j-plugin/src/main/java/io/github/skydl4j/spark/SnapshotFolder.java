package io.github.skydl4j.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A folder for snapshots, deleted when it is closed if it is a temporary one.
 *
 * @param temporary whether nobody has named it
 */
record SnapshotFolder(Path path, boolean temporary) implements AutoCloseable {
    static SnapshotFolder of(@Nullable String named) {
        try {
            return named == null
                    ? new SnapshotFolder(Files.createTempDirectory("sky-snapshots"), true)
                    : new SnapshotFolder(Files.createDirectories(Path.of(named)), false);
        } catch (IOException e) {
            throw new UncheckedIOException("no folder for snapshots: " + e.getMessage(), e);
        }
    }

    @Override
    public void close() {
        if (!temporary) {
            return;
        }
        try (Stream<Path> files = Files.walk(path)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the snapshots in " + path + " could not be deleted", e);
        }
    }
}
