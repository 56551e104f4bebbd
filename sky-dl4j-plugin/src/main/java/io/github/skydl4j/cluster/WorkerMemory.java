package io.github.skydl4j.cluster;

import org.bytedeco.javacpp.Pointer;

/** What this process has in use. */
final class WorkerMemory {
    private WorkerMemory() {}

    /** Resident memory of the process in bytes. */
    static long inUse() {
        return Pointer.physicalBytes();
    }
}
