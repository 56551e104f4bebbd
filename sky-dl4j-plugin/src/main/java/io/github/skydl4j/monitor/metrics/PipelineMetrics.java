package io.github.skydl4j.monitor.metrics;

import io.github.skydl4j.monitor.Monitor;
import io.github.skydl4j.monitor.MonitorListener;
import io.github.skydl4j.monitor.MonitorView;
import io.github.skydl4j.monitor.MonitoredStep;
import io.github.skydl4j.monitor.PipelinePlan;
import io.github.skydl4j.monitor.RunEvent;
import io.github.skydl4j.monitor.StageEvent;
import io.github.skydl4j.monitor.StepFacts;
import io.github.skydl4j.pipeline.Activity;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A run's figures as meters of a registry. Told by the thread that trains; registries are read by any thread. */
public final class PipelineMetrics implements MonitorListener {
    private static final String SECONDS = "seconds";

    private final MeterRegistry registry;
    private final Monitor monitor;
    private final Timer stepTime;
    private final Counter samples;
    private final List<StageMeters> stages = new ArrayList<>();
    private final List<LinkMeters> links = new ArrayList<>();
    private volatile double loss = Double.NaN;
    private volatile int epoch;
    private volatile double predictedSeconds = Double.NaN;

    /** Registers the meters of the run as a whole; those of stages and links come with the plan. */
    public PipelineMetrics(MeterRegistry registry, Monitor monitor) {
        this.registry = registry;
        this.monitor = monitor;
        this.stepTime = Timer.builder("sky.step.time")
                .description("Time of a step, from the first forward to the last update")
                .register(registry);
        this.samples = Counter.builder("sky.samples")
                .description("Examples trained on")
                .register(registry);
        gauge("sky.loss", "Loss of the last step, averaged over its examples", null, () -> loss);
        gauge("sky.epoch", "Epoch of the last step, from 0", null, () -> epoch);
        gauge("sky.step.predicted", "Time of a step in the planner's simulation", SECONDS, () -> predictedSeconds);
        gauge("sky.step.bound", "Time of a step that no schedule can beat with these stages", SECONDS, this::bound);
    }

    @Override
    public void planned(PipelinePlan plan) {
        predictedSeconds = plan.predictedNanos() / 1e9;
        stages.forEach(StageMeters::remove);
        links.forEach(LinkMeters::remove);
        stages.clear();
        links.clear();
        for (int s = 0; s < plan.stages().size(); s++) {
            stages.add(new StageMeters(registry, s, plan.stages().get(s)));
        }
        for (int l = 0; l < plan.links().size(); l++) {
            links.add(new LinkMeters(registry, l));
        }
    }

    @Override
    public void stepDone(MonitoredStep step) {
        StepFacts facts = step.summary().facts();
        loss = facts.loss();
        epoch = facts.epoch();
        stepTime.record(Duration.ofNanos(facts.nanos()));
        samples.increment(facts.rows());
        for (int s = 0; s < stages.size(); s++) {
            stages.get(s).add(step.summary().stages().get(s), facts.nanos());
        }
        for (StageEvent event : step.events()) {
            if (event.activity() == Activity.TRANSFER) {
                links.get(event.link()).add(event);
            }
        }
    }

    @Override
    public void happened(RunEvent event) {
        Counter.builder("sky.events")
                .description("What happened to the run as a whole")
                .tag("kind", event.kind().name().toLowerCase(Locale.ROOT))
                .register(registry)
                .increment();
    }

    private double bound() {
        return monitor.pace().map(MonitorView.Pace::boundNanos).orElse(0L) / 1e9;
    }

    private void gauge(String name, String description, @Nullable String unit, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).baseUnit(unit).register(registry);
    }
}
