package io.github.skydl4j.pipeline;

import org.bytedeco.javacpp.Pointer;

/**
 * Asks for garbage collection when native memory has grown past JavaCPP's limit.
 *
 * <p>ND4J's arrays are freed when the collector finds them unreachable, but it sees only their small Java objects. JavaCPP
 * can check the size of the process at every allocation, at a price that small layers cannot pay; where that check is
 * turned off ({@code -Dorg.bytedeco.javacpp.maxPhysicalBytes=0}), this one, once a step, stands in for it. Used by one
 * thread.
 */
public final class MemoryGuard {
    private static final long SHORTEST_PAUSE_NANOS = 1_000_000_000L;

    private final boolean needed = Pointer.maxPhysicalBytes() <= 0;
    private final long limit = Pointer.maxBytes() + Runtime.getRuntime().maxMemory();
    private long lastCollection = System.nanoTime() - SHORTEST_PAUSE_NANOS;

    /** Call once a step. */
    public void check() {
        if (needed && Pointer.physicalBytes() > limit && System.nanoTime() - lastCollection >= SHORTEST_PAUSE_NANOS) {
            System.gc();
            lastCollection = System.nanoTime();
        }
    }
}
