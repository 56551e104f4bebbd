package io.github.skydl4j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The share of the machine's cores that others than this JVM have used; 0 where Linux does not tell. */
final class ForeignLoad {
    private static final Path STATISTICS = Path.of("/proc/stat");
    private static final double TICKS_PER_SECOND = 100;
    private static final int IDLE = 3;
    private static final int WAITING = 4;

    private final double busySeconds = busySeconds();
    private final double ownSeconds = ownSeconds();
    private final long startNanos = System.nanoTime();

    private ForeignLoad() {}

    static ForeignLoad start() {
        return new ForeignLoad();
    }

    /** Since the start. */
    double share() {
        double cores = Runtime.getRuntime().availableProcessors();
        double seconds = (System.nanoTime() - startNanos) / 1e9 * cores;
        return Math.max(0, busySeconds() - busySeconds - (ownSeconds() - ownSeconds)) / seconds;
    }

    private static double ownSeconds() {
        var system = (com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return system.getProcessCpuTime() / 1e9;
    }

    private static double busySeconds() {
        if (!Files.isReadable(STATISTICS)) {
            return 0;
        }
        try {
            String[] fields = Files.readAllLines(STATISTICS).get(0).trim().split("\\s+");
            double[] ticks = Arrays.stream(fields)
                    .skip(1)
                    .limit(8)
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            return (Arrays.stream(ticks).sum() - ticks[IDLE] - ticks[WAITING]) / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0;
        }
    }
}
