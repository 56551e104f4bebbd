package io.github.skydl4j.monitor;

import java.util.List;

/** A step with all of its events, in the order of their starts. Immutable. */
public record MonitoredStep(StepSummary summary, List<StageEvent> events) {
    /** Copies the list. */
    public MonitoredStep {
        events = List.copyOf(events);
    }

    /** The step's number, from 1. */
    public long step() {
        return summary.facts().step();
    }
}
