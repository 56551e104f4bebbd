package io.github.skydl4j.testing;

import java.lang.reflect.Field;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.nd4j.linalg.api.memory.deallocation.DeallocatorService;
import org.nd4j.linalg.factory.Nd4j;

/** Counts the off-heap buffers that ND4J has not freed yet; ND4J keeps them in a private map. */
public final class OffHeapArrays {
    private OffHeapArrays() {}

    /** The number after garbage collection, as soon as it is at most {@code wanted} or does not fall any more. */
    public static int settled(int wanted) {
        int[] seen = {Integer.MAX_VALUE, 0};
        Awaitility.await()
                .pollInSameThread()
                .atMost(Duration.ofSeconds(30))
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    System.gc();
                    int now = count();
                    seen[1] = now >= seen[0] ? seen[1] + 1 : 0;
                    seen[0] = Math.min(now, seen[0]);
                    return now <= wanted || seen[1] >= 10;
                });
        return seen[0];
    }

    private static int count() throws ReflectiveOperationException {
        Field field = DeallocatorService.class.getDeclaredField("referenceMap");
        field.setAccessible(true);
        return ((Map<?, ?>) field.get(Nd4j.getDeallocatorService())).size();
    }
}
