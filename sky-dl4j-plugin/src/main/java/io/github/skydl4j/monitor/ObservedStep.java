package io.github.skydl4j.monitor;

import java.util.List;

/**
 * What all stages did in a step.
 *
 * @param startNanos by the clock here, {@link System#nanoTime()}
 * @param events by the clock here, merged; {@link EventMerger}
 * @param dropped events that found no room in this step
 */
public record ObservedStep(long startNanos, List<StageEvent> events, long dropped) {
    /** Copies the list. */
    public ObservedStep {
        events = List.copyOf(events);
    }

    /** The same, counted for another step. */
    public ObservedStep ofStep(long step) {
        return new ObservedStep(
                startNanos, events.stream().map(event -> event.ofStep(step)).toList(), dropped);
    }
}
