package io.github.skydl4j;

import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.PipelineRecorder;
import io.github.skydl4j.pipeline.StageObserver;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.PlanRequest;

/** Records the stages of one pipeline in this JVM for the run's monitor. Used by the thread that trains. */
final class PipelineWatch {
    private final StepWatch watch;
    private final PipelineRecorder recorder;

    /** Tells the monitor of the plan. */
    PipelineWatch(Monitor monitor, PlanRequest request, Allocation allocation, int mostMicroBatches) {
        this.watch = new StepWatch(monitor);
        this.recorder = new PipelineRecorder(allocation.stages().size(), mostMicroBatches, monitor.context());
        watch.planned(request, allocation);
    }

    StageObserver observer(int stage) {
        return recorder.observer(stage);
    }

    void starting(long step) {
        watch.starting(step);
        recorder.stepStarts();
    }

    void done(long step, int epoch, StepResult result) {
        watch.done(step, epoch, result, recorder.step(step));
    }
}
