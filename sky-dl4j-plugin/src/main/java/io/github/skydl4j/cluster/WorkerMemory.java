package io.github.skydl4j.cluster;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import org.bytedeco.javacpp.Pointer;

/**
 * What this process has in use.
 *
 * <p>A JVM touches the memory of its young generation bit by bit, as garbage comes up, and gives none of it back: a worker whose
 * stage makes little garbage grows by tens of MiB over a long run, one that makes much in a moment. So it is filled once
 * before the process is measured, and what the process grows by after that is its stage.
 */
final class WorkerMemory {
    private static final int PIECE_BYTES = 1 << 16;
    private static final String EDEN = "Eden";

    private static final byte[] NONE = {};

    /** Seen by all threads, so that what is written here has to be made. */
    private static volatile byte[] piece = NONE;

    private WorkerMemory() {}

    /** Resident memory of the process in bytes. */
    static long inUse() {
        return Pointer.physicalBytes();
    }

    /** Makes garbage until the collector has come, or as much as there is room for. */
    static void fillYoungGeneration() {
        long collections = collections();
        long room = room();
        long made = 0;
        while (made < room && collections() == collections) {
            piece = new byte[PIECE_BYTES];
            made += piece.length;
        }
        piece = NONE;
    }

    private static long collections() {
        return ManagementFactory.getGarbageCollectorMXBeans().stream()
                .mapToLong(GarbageCollectorMXBean::getCollectionCount)
                .sum();
    }

    private static long room() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getName().contains(EDEN))
                .map(MemoryPoolMXBean::getUsage)
                .mapToLong(usage -> usage.getCommitted() - usage.getUsed())
                .sum();
    }
}
