package io.github.skydl4j.monitor;

import java.util.List;

/**
 * What one machine recorded in a step.
 *
 * @param clockOffsetNanos by how much its clock is ahead of the one here; 0 for this machine
 */
public record WorkerEvents(long clockOffsetNanos, List<StageEvent> events) {
    /** Copies the list. */
    public WorkerEvents {
        events = List.copyOf(events);
    }
}
