package io.github.skydl4j;

import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.ObservedStep;
import io.github.skydl4j.monitor.PipelinePlan;
import io.github.skydl4j.monitor.StepFacts;
import io.github.skydl4j.pipeline.StageStep;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.PlanRequest;
import org.jspecify.annotations.Nullable;

/** Between a planned training and the run's monitor. Used by the thread that trains. */
final class StepWatch {
    private final Monitor monitor;
    private @Nullable Allocation told;

    StepWatch(Monitor monitor) {
        this.monitor = monitor;
    }

    /** Tells the monitor of the plan, unless it knows it. */
    void planned(PlanRequest request, Allocation allocation) {
        if (!allocation.equals(told)) {
            told = allocation;
            monitor.planned(PipelinePlan.of(request, allocation));
        }
    }

    void starting(long step) {
        monitor.stepStarting(step);
    }

    void done(long step, int epoch, StepResult result, ObservedStep observed) {
        monitor.dropped(observed.dropped());
        monitor.stepDone(
                new StepFacts(
                        step,
                        epoch,
                        result.score(),
                        result.rows(),
                        observed.startNanos(),
                        result.nanos(),
                        result.stages().stream().map(StageStep::forwardNanos).toList(),
                        result.stages().stream().map(StageStep::backwardNanos).toList()),
                observed.events());
    }
}
