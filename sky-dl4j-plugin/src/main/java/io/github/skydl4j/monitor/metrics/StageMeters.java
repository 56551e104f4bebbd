package io.github.skydl4j.monitor.metrics;

import io.github.skydl4j.monitor.PipelinePlan.PlannedStage;
import io.github.skydl4j.monitor.StageShare;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;

/** The meters of one stage. */
final class StageMeters {
    private final MeterRegistry registry;
    private final Counter busy;
    private final Counter inputWait;
    private final Counter linkWait;
    private final Gauge share;
    private volatile double busyShare;

    StageMeters(MeterRegistry registry, int stage, PlannedStage plan) {
        this.registry = registry;
        Tags tags = Tags.of("stage", Integer.toString(stage), "worker", plan.workerName());
        this.busy = time(tags, "busy");
        this.inputWait = time(tags, "input_wait");
        this.linkWait = time(tags, "link_wait");
        this.share = Gauge.builder("sky.stage.busy", () -> busyShare)
                .description("Share of the last step that the stage worked, 0 to 1")
                .baseUnit("ratio")
                .tags(tags)
                .register(registry);
    }

    void add(StageShare step, long stepNanos) {
        busy.increment(step.busyNanos() / 1e9);
        inputWait.increment(step.inputWaitNanos() / 1e9);
        linkWait.increment(step.linkWaitNanos() / 1e9);
        busyShare = stepNanos == 0 ? 0 : Math.min(1, (double) step.busyNanos() / stepNanos);
    }

    /** Takes the meters out of the registry: the stage is no more. */
    void remove() {
        registry.remove(busy);
        registry.remove(inputWait);
        registry.remove(linkWait);
        registry.remove(share);
    }

    private Counter time(Tags tags, String kind) {
        return Counter.builder("sky.stage.time")
                .description("Time that the stage spent at work, or waiting for input or for a link")
                .baseUnit("seconds")
                .tags(tags.and("kind", kind))
                .register(registry);
    }
}
