package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.GraphState;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The snapshots of one run in a folder of their own. The last complete one is kept, and the one before it in case a disk has
 * damaged the last. Only one process at a time may use a folder.
 *
 * <p>Thread-safe, but for drafts.
 */
public final class SnapshotStore implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotStore.class);
    private static final int KEPT = 2;
    private static final String COMPLETE = "step-";
    private static final String DRAFT = "draft-";
    private static final String DAMAGED = "damaged-";

    private final Path folder;
    private final FileChannel lockFile;
    private @Nullable Snapshot latest;

    /**
     * Opens a folder, which is made where it is missing, and removes what a killed process has left unfinished.
     *
     * @throws SnapshotException if another process uses it, or it cannot be used
     */
    public SnapshotStore(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
            lockFile = FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            lock();
            for (Path left : listed(DRAFT)) {
                delete(left);
            }
            latest = newestWhole();
        } catch (IOException e) {
            throw new SnapshotException("the snapshot folder " + folder + " cannot be used", e);
        }
    }

    /** The last complete snapshot. */
    public synchronized Optional<Snapshot> latest() {
        return Optional.ofNullable(latest);
    }

    /** Where the snapshots are. */
    public Path folder() {
        return folder;
    }

    /** Writes the state of a network that is in memory. */
    Snapshot write(ComputationGraph network, String model, SnapshotMark mark) {
        try (SnapshotDraft draft = draft(model, mark)) {
            StateParts.send(0, GraphState.of(network).values(), draft::write);
            return complete(draft);
        }
    }

    /** Begins a snapshot. */
    SnapshotDraft draft(String model, SnapshotMark mark) {
        Path place = folder.resolve(String.format("%s%010d", COMPLETE, mark.iteration()));
        try {
            Path draft = Files.createTempDirectory(folder, DRAFT);
            return new SnapshotDraft(draft, place, model, mark);
        } catch (IOException e) {
            throw new SnapshotException("the snapshot folder " + folder + " cannot be written to", e);
        }
    }

    /** Makes a draft the latest snapshot and removes those that are no longer needed. */
    synchronized Snapshot complete(SnapshotDraft draft) {
        try {
            delete(draft.place());
        } catch (IOException e) {
            throw new SnapshotException("the damaged snapshot " + draft.place() + " cannot be removed", e);
        }
        Snapshot done = draft.complete();
        latest = done;
        try {
            List<Path> all = listed(COMPLETE);
            for (Path old : all.subList(0, Math.max(0, all.size() - KEPT))) {
                delete(old);
            }
        } catch (IOException e) {
            LOG.warn("Old snapshots in {} could not be removed: {}", folder, e.toString());
        }
        return done;
    }

    /** Removes all snapshots; the folder stays. */
    synchronized void clear() {
        latest = null;
        try {
            for (Path old : listed(COMPLETE)) {
                delete(old);
            }
        } catch (IOException e) {
            throw new SnapshotException("the snapshots in " + folder + " cannot be removed", e);
        }
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException e) {
            LOG.warn("The snapshot folder {} was not closed: {}", folder, e.toString());
        }
    }

    private void lock() throws IOException {
        FileLock lock = null;
        try {
            lock = lockFile.tryLock();
        } catch (OverlappingFileLockException e) {
            LOG.debug("Locked within this process", e);
        }
        if (lock == null) {
            lockFile.close();
            throw new SnapshotException("the snapshot folder " + folder
                    + " is in use by another run: wait for its end or name another folder");
        }
    }

    private @Nullable Snapshot newestWhole() throws IOException {
        List<Path> all = new ArrayList<>(listed(COMPLETE));
        for (int i = all.size() - 1; i >= 0; i--) {
            try {
                Snapshot snapshot = new Snapshot(all.get(i), Manifest.read(all.get(i)));
                snapshot.verify();
                return snapshot;
            } catch (SnapshotException e) {
                LOG.warn("{}; the one before it is tried", e.getMessage());
                Files.move(
                        all.get(i),
                        folder.resolve(DAMAGED + all.get(i).getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
        return null;
    }

    /** Oldest first. */
    private List<Path> listed(String prefix) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted()
                    .toList();
        }
    }

    private static void delete(Path tree) throws IOException {
        if (!Files.exists(tree)) {
            return;
        }
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }
}
