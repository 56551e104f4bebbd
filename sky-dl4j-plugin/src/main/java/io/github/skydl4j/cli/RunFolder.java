package io.github.skydl4j.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The temporary folder of a run that has started its workers itself: their key, their logs, and the run's snapshots where no
 * other folder is named for them.
 *
 * <p>Design: its process keeps a file in it locked, and the kernel unlocks that when the process ends, however it ends. Whoever
 * makes a folder first looks after those whose lock is free: the key goes at once, and so does all else unless it is of use
 * to somebody. That is so for a week where there is a snapshot to go on from, or where the run has failed and its logs say why.
 */
final class RunFolder implements AutoCloseable {
    static final String SNAPSHOTS = "sky-snapshots";

    private static final Logger LOG = LoggerFactory.getLogger(RunFolder.class);
    private static final String PREFIX = "sky-run-";
    private static final String UNFINISHED = "sky-new-run-";
    private static final String KEY = "key";
    private static final String LOCK = "lock";
    private static final String FAILED = "failed";
    private static final Duration KEPT = Duration.ofDays(7);

    /** Those of this JVM: to open and close their lock files would unlock them. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel lock;
    private boolean isKept;

    private RunFolder(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /** Tidies up in {@code base} and makes a new folder there. */
    static RunFolder create(Path base, Instant now) throws IOException {
        for (Path left : leftOvers(base)) {
            tidy(left, now);
        }
        // Locked before it has its name, so that nobody takes it for one that was left behind.
        Path unfinished = Files.createTempDirectory(base, UNFINISHED);
        FileChannel lock =
                FileChannel.open(unfinished.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock.lock();
        Path path = base.resolve(unfinished.getFileName().toString().replace(UNFINISHED, PREFIX));
        OWN.add(path);
        Files.move(unfinished, path);
        return new RunFolder(path, lock);
    }

    /** The latest snapshots that a killed or failed run has left in {@code base}, for who wants to go on from them. */
    static Optional<Path> latestSnapshots(Path base) throws IOException {
        return leftOvers(base).stream()
                .filter(RunFolder::holdsSnapshot)
                .map(folder -> folder.resolve(SNAPSHOTS))
                .max(Comparator.comparing(RunFolder::modified));
    }

    Path path() {
        return path;
    }

    Path key() {
        return path.resolve(KEY);
    }

    Path snapshots() {
        return path.resolve(SNAPSHOTS);
    }

    /** Whether there is a snapshot in it that is worth going on from. */
    boolean holdsSnapshot() {
        return holdsSnapshot(path);
    }

    /** The run has failed: logs and snapshots stay when this is closed. */
    void keep() {
        isKept = true;
    }

    /** Deletes the folder, or but the key where it is to be kept. */
    @Override
    public void close() {
        try {
            if (isKept) {
                Files.writeString(path.resolve(FAILED), "");
                Files.deleteIfExists(key());
            } else {
                delete(path);
            }
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary folder " + path + " cannot be removed", e);
        } finally {
            OWN.remove(path);
        }
    }

    private static void tidy(Path folder, Instant now) {
        try {
            Files.deleteIfExists(folder.resolve(KEY));
            boolean isOfUse = holdsSnapshot(folder) || Files.exists(folder.resolve(FAILED));
            boolean isFresh = modified(folder).isAfter(now.minus(KEPT))
                    || modified(folder.resolve(SNAPSHOTS)).isAfter(now.minus(KEPT));
            if (!isOfUse || !isFresh) {
                LOG.info("Deleting {}, which a run that is over has left", folder);
                delete(folder);
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.warn("Cannot tidy up {}: {}", folder, e.toString());
        }
    }

    /** The folders of this user whose processes are gone. */
    private static List<Path> leftOvers(Path base) throws IOException {
        List<Path> left = new ArrayList<>();
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(base, PREFIX + "*")) {
            for (Path folder : folders) {
                if (!OWN.contains(folder) && Files.isDirectory(folder) && isMine(folder) && isFree(folder)) {
                    left.add(folder);
                }
            }
        }
        return left;
    }

    private static boolean isMine(Path folder) throws IOException {
        return Files.getOwner(folder).getName().equals(System.getProperty("user.name"));
    }

    private static boolean isFree(Path folder) throws IOException {
        Path file = folder.resolve(LOCK);
        if (!Files.exists(file)) {
            return false; // of a version that had no lock: its process may be alive
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    /** The snapshot that every run begins with has nothing in it that was learned. */
    private static boolean holdsSnapshot(Path folder) {
        Path snapshots = folder.resolve(SNAPSHOTS);
        if (!Files.isDirectory(snapshots)) {
            return false;
        }
        try (Stream<Path> files = Files.list(snapshots)) {
            return files.map(file -> file.getFileName().toString()).anyMatch(name -> name.matches("step-0*[1-9]\\d*"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Instant modified(Path folder) {
        try {
            return Files.exists(folder) ? Files.getLastModifiedTime(folder).toInstant() : Instant.MIN;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }
}
