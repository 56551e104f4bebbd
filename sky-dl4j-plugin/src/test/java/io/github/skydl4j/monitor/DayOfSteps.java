package io.github.skydl4j.monitor;

import io.github.skydl4j.pipeline.Activity;
import io.github.skydl4j.plan.Link;
import io.github.skydl4j.schedule.Action.Kind;
import io.github.skydl4j.schedule.StageTimes;
import java.time.Clock;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A day of a run in the shortest time: 864,000 steps of 0.1 s through recorders and monitor, four stages with their waits,
 * transfers and events. Run as a program in a JVM of 64 MB; prints the steps that the history holds.
 */
final class DayOfSteps {
    static final long STEPS = 864_000;

    private static final int STAGES = 4;
    private static final int MICRO_BATCHES = 2;
    private static final long STEP_NANOS = 100_000_000;

    private DayOfSteps() {}

    public static void main(String[] args) {
        try (Monitor monitor = new Monitor("day", Clock.systemUTC())) {
            PipelineRecorder recorder = new PipelineRecorder(STAGES, MICRO_BATCHES, monitor.context());
            monitor.planned(plan());
            for (long step = 1; step <= STEPS; step++) {
                monitor.stepStarting(step);
                run(recorder, step * STEP_NANOS);
                List<Long> compute = Collections.nCopies(STAGES, 1_000_000L);
                monitor.stepDone(
                        new StepFacts(step, 0, 1.0 / step, 32, step * STEP_NANOS, STEP_NANOS, compute, compute),
                        recorder.step(step).events());
                if (step % 1000 == 0) {
                    monitor.happened(RunEvent.Kind.NOTE, "a thousand steps more, " + step + " by now");
                }
            }
            System.out.println(monitor.view().history().stream()
                    .mapToLong(HistoryPoint::steps)
                    .sum());
        }
    }

    private static void run(PipelineRecorder recorder, long start) {
        for (int stage = 0; stage < STAGES; stage++) {
            var observer = recorder.observer(stage);
            observer.stepStarted();
            for (Kind kind : Kind.values()) {
                Activity work = kind == Kind.FORWARD ? Activity.FORWARD : Activity.BACKWARD;
                boolean receives = kind == Kind.FORWARD ? stage > 0 : stage < STAGES - 1;
                for (int m = 0; m < MICRO_BATCHES; m++) {
                    if (receives) {
                        observer.done(Activity.TRANSFER, kind, m, start, start + 5, 4096);
                        observer.done(Activity.INPUT_WAIT, kind, m, start, start + 2, 0);
                        observer.done(Activity.LINK_WAIT, kind, m, start + 2, start + 5, 0);
                        observer.done(Activity.RECEIVE, kind, m, start + 5, start + 6, 0);
                    }
                    observer.done(work, kind, m, start + 6, start + 1_000_000, 0);
                    observer.done(Activity.SEND, kind, m, start + 1_000_000, start + 1_000_010, 0);
                }
            }
            observer.done(Activity.UPDATE, Kind.BACKWARD, 0, start, start + 1000, 0);
        }
    }

    private static PipelinePlan plan() {
        return new PipelinePlan(
                "none",
                "none",
                MICRO_BATCHES,
                IntStream.range(0, STAGES)
                        .mapToObj(w -> new PipelinePlan.PlannedWorker("worker-" + w, 1))
                        .toList(),
                IntStream.range(0, STAGES)
                        .mapToObj(s -> new PipelinePlan.PlannedStage(s, "worker-" + s, s, s + 1, "u" + s, "u" + s, 1))
                        .toList(),
                Collections.nCopies(STAGES - 1, Link.INSTANT),
                StageTimes.uniform(STAGES, 1_000_000, 1_000_000, 0),
                STEP_NANOS,
                List.of(),
                List.of());
    }
}
