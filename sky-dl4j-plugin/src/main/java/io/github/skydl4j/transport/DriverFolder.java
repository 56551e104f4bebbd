package io.github.skydl4j.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of a JVM's media driver. It lies in shared memory, so what a killed JVM leaves there takes memory until
 * somebody deletes it.
 *
 * <p>Design: a folder {@code sky-dl4j-ID} holds the driver's files and a file {@code lock}, which its JVM keeps locked; the
 * kernel unlocks it when the JVM ends, however it ends. Whoever makes a folder first deletes those whose lock is free. Making
 * and sweeping happen under one lock outside, so that a folder is never seen between its making and its locking. Unlike
 * process numbers, this also works for containers that share the memory and not the processes.
 */
final class DriverFolder implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DriverFolder.class);
    private static final String PREFIX = "sky-dl4j-";
    private static final String LOCK = "lock";

    /** Those of this JVM: to open and close their lock files would unlock them. */
    private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

    private final Path path;
    private final FileChannel channel;

    private DriverFolder(Path path, FileChannel channel) {
        this.path = path;
        this.channel = channel;
    }

    /** Deletes what dead JVMs have left in {@code base} and makes a new folder there. */
    static synchronized DriverFolder create(Path base) {
        Path path = base.resolve(PREFIX + UUID.randomUUID().toString().substring(0, 18));
        try (FileChannel outer = open(sweepLock())) {
            outer.lock();
            sweepLocked(base);
            Files.createDirectory(path);
            FileChannel channel = open(path.resolve(LOCK));
            channel.lock();
            OWN.add(path);
            return new DriverFolder(path, channel);
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "cannot make " + path + " for Aeron's buffers: is there room in " + base + "?", e);
        }
    }

    /** Deletes what dead JVMs have left in {@code base}. */
    static synchronized void sweep(Path base) {
        try (FileChannel outer = open(sweepLock())) {
            outer.lock();
            sweepLocked(base);
        } catch (IOException e) {
            LOG.warn("Cannot look for left-overs in {}: {}", base, e.toString());
        }
    }

    /** Where to put driver folders: memory if there is a file system in it. */
    static Path defaultBase() {
        Path memory = Path.of("/dev/shm");
        return Files.isWritable(memory) ? memory : Path.of(System.getProperty("java.io.tmpdir"));
    }

    /** The driver's own folder, which does not exist yet. */
    Path driver() {
        return path.resolve("driver");
    }

    /** Deletes the folder. */
    @Override
    public void close() {
        try {
            channel.close();
            delete(path);
        } catch (IOException e) {
            LOG.warn("Cannot delete {}: {}", path, e.toString());
        } finally {
            OWN.remove(path);
        }
    }

    private static void sweepLocked(Path base) throws IOException {
        try (DirectoryStream<Path> folders = Files.newDirectoryStream(base, PREFIX + "*")) {
            for (Path folder : folders) {
                if (!OWN.contains(folder) && isMine(folder) && isFree(folder)) {
                    LOG.info("Deleting {}, which a JVM that was killed has left", folder);
                    delete(folder);
                }
            }
        }
    }

    private static boolean isMine(Path folder) throws IOException {
        return Files.getOwner(folder).getName().equals(System.getProperty("user.name"));
    }

    private static boolean isFree(Path folder) throws IOException {
        Path file = folder.resolve(LOCK);
        if (!Files.exists(file)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false;
        }
    }

    private static Path sweepLock() {
        return Path.of(System.getProperty("java.io.tmpdir"), PREFIX + System.getProperty("user.name") + ".lock");
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
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
