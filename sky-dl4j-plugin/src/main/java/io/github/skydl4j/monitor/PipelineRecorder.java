package io.github.skydl4j.monitor;

import io.github.skydl4j.pipeline.StageObserver;
import java.util.ArrayList;
import java.util.List;

/**
 * Records the stages that run in this JVM. Their threads write, the thread that trains reads.
 */
public final class PipelineRecorder {
    private final List<StageRecorder> stages = new ArrayList<>();
    private long dropped;
    private long startNanos;

    /** Creates a recorder for the stages {@code [0, stageCount)}. */
    public PipelineRecorder(int stageCount, int microBatches, LogContext context) {
        for (int s = 0; s < stageCount; s++) {
            String name = Integer.toString(s);
            stages.add(new StageRecorder(s, microBatches, () -> context.stage(name)));
        }
    }

    /** What is to be told of everything that the stage does. */
    public StageObserver observer(int stage) {
        return stages.get(stage);
    }

    /** A step begins now. */
    public void stepStarts() {
        startNanos = System.nanoTime();
    }

    /** The step that has just ended. */
    public ObservedStep step(long step) {
        List<StageEvent> events = new ArrayList<>();
        stages.forEach(stage -> stage.drainTo(events, step));
        long all = stages.stream().mapToLong(StageRecorder::dropped).sum();
        long fresh = all - dropped;
        dropped = all;
        return new ObservedStep(startNanos, EventMerger.merge(List.of(new WorkerEvents(0, events))), fresh);
    }
}
