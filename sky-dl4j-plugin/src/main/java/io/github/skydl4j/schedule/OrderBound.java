package io.github.skydl4j.schedule;

/**
 * The step that no order of work beats on stages with given times, without the update. Of every stage it counts what is
 * before it, its own work, and how long it must idle ({@link IdleWindows}); and on every stage and every link direction
 * something is last: it is preceded by its own kind m - 1 times, and has the whole way before and behind it.
 */
public final class OrderBound {

    private OrderBound() {}

    /** O(stages). */
    public static long nanos(StageTimes times, int microBatches) {
        long longest =
                times.endsShared() ? microBatches * (times.compute(0) + times.compute(times.stageCount() - 1)) : 0;
        IdleWindows windows = new IdleWindows(microBatches, pass(times));
        for (int i = 0; i < times.stageCount(); i++) {
            longest = Math.max(longest, windows.stage(times.forward(i), times.backward(i)));
            if (i + 1 < times.stageCount()) {
                windows.link(times.link(i));
            }
        }
        return Math.max(longest, windows.ofSlowest());
    }

    /** The way of one micro-batch through all stages and back. */
    private static long pass(StageTimes times) {
        long pass = 0;
        for (int i = 0; i < times.stageCount(); i++) {
            pass += times.compute(i) + (i + 1 < times.stageCount() ? 2 * times.link(i) : 0);
        }
        return pass;
    }
}
