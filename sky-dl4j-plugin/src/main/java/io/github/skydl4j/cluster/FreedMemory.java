package io.github.skydl4j.cluster;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Native memory that has been freed in this process, but not given back to the system.
 *
 * <p>Native allocators keep what is freed for the thread that had it. The JIT compiler takes tens of MiB for a large method,
 * and once: a stage with such a method would be said to hold them as long as it lives. A JVM that cannot give them back
 * (other systems than Linux with glibc, older updates of Java 17) keeps them.
 *
 * <p>Used by one thread at a time.
 */
final class FreedMemory {
    private static final Logger LOG = LoggerFactory.getLogger(FreedMemory.class);
    private static final long SHORTEST_PAUSE_NANOS = Duration.ofSeconds(5).toNanos();

    private long last = System.nanoTime() - SHORTEST_PAUSE_NANOS;

    /** Gives it back, unless that was done a moment ago. */
    void giveBackNowAndThen() {
        if (System.nanoTime() - last >= SHORTEST_PAUSE_NANOS) {
            giveBack();
            last = System.nanoTime();
        }
    }

    static void giveBack() {
        MBeanServer server = ManagementFactory.getPlatformMBeanServer();
        try {
            server.invoke(
                    new ObjectName("com.sun.management:type=DiagnosticCommand"),
                    "systemTrimNativeHeap",
                    new Object[0],
                    new String[0]);
        } catch (JMException e) {
            LOG.debug("freed native memory stays with this process: {}", e.toString());
        }
    }
}
