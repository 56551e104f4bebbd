package io.github.skydl4j;

import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.PipelinePlan;
import io.github.skydl4j.monitor.PipelineRecorder;
import io.github.skydl4j.monitor.StageEvent;
import io.github.skydl4j.monitor.StepFacts;
import io.github.skydl4j.pipeline.StageObserver;
import io.github.skydl4j.pipeline.StageStep;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.PlanRequest;
import java.util.List;

/** Between one planned pipeline of this JVM and the run's monitor. Used by the thread that trains. */
final class StepWatch {
    private final Monitor monitor;
    private final PipelineRecorder recorder;
    private long startNanos;

    /** Tells the monitor of the plan. */
    StepWatch(Monitor monitor, PlanRequest request, Allocation allocation, int mostMicroBatches) {
        this.monitor = monitor;
        this.recorder = new PipelineRecorder(allocation.stages().size(), mostMicroBatches, monitor.context());
        monitor.planned(PipelinePlan.of(request, allocation));
    }

    StageObserver observer(int stage) {
        return recorder.observer(stage);
    }

    void starting(long step) {
        monitor.stepStarting(step);
        startNanos = System.nanoTime();
    }

    void done(long step, int epoch, StepResult result) {
        List<StageEvent> events = recorder.drain(step);
        monitor.dropped(recorder.takeDropped());
        monitor.stepDone(facts(step, epoch, result), events);
    }

    private StepFacts facts(long step, int epoch, StepResult result) {
        return new StepFacts(
                step,
                epoch,
                result.score(),
                result.rows(),
                startNanos,
                result.nanos(),
                result.stages().stream().map(StageStep::forwardNanos).toList(),
                result.stages().stream().map(StageStep::backwardNanos).toList());
    }
}
