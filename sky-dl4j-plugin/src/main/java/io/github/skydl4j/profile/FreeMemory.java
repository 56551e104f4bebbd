package io.github.skydl4j.profile;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.nativeblas.NativeOps;
import org.nd4j.nativeblas.NativeOpsHolder;

/**
 * What is free for a worker in this JVM. Immutable.
 *
 * @param heapBytes of the Java heap, up to its limit
 * @param offHeapBytes for native arrays: up to the limit of JavaCPP, but no more than the machine has left
 * @param deviceBytes on all GPUs; 0 without one
 */
public record FreeMemory(long heapBytes, long offHeapBytes, long deviceBytes) {
    /** Checks the values. */
    public FreeMemory {
        if (heapBytes < 0 || offHeapBytes < 0 || deviceBytes < 0) {
            throw new IllegalArgumentException(
                    "heap " + heapBytes + ", off heap " + offHeapBytes + ", device " + deviceBytes + ": below 0");
        }
    }

    /** What there is now. */
    public static FreeMemory here() {
        Runtime runtime = Runtime.getRuntime();
        long heap = runtime.maxMemory() - (runtime.totalMemory() - runtime.freeMemory());
        return new FreeMemory(Math.max(0, heap), offHeap(), devices());
    }

    /** What a stage may hold: its arrays are on the GPU where there is one, off heap elsewhere. */
    public long stageBytes() {
        return deviceBytes > 0 ? deviceBytes : offHeapBytes;
    }

    private static long offHeap() {
        long machine = ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean()).getFreeMemorySize();
        long limit = Pointer.maxBytes();
        long left = limit > 0 ? limit - Pointer.totalBytes() : Long.MAX_VALUE;
        long physicalLimit = Pointer.maxPhysicalBytes();
        long physicalLeft = physicalLimit > 0 ? physicalLimit - Pointer.physicalBytes() : Long.MAX_VALUE;
        return Math.max(0, Math.min(machine, Math.min(left, physicalLeft)));
    }

    private static long devices() {
        if (Nd4j.getEnvironment().isCPU()) {
            return 0;
        }
        NativeOps operations = NativeOpsHolder.getInstance().getDeviceNativeOps();
        long free = 0;
        for (int device = 0; device < operations.getAvailableDevices(); device++) {
            free += operations.getDeviceFreeMemory(device);
        }
        return free;
    }
}
