package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.Action;
import io.github.skydl4j.schedule.Timeline;
import java.util.ArrayList;
import java.util.List;

/** One simulated step. Immutable; the events are made when asked for. */
public record Simulation(Timeline timeline) {

    /** An action of a stage and when it ran. */
    public record Event(int stage, Action action, long startNanos, long endNanos) {}

    public long stepNanos() {
        return timeline.stepNanos();
    }

    /** For each stage the share of the step in which it computes, 0 to 1. */
    public List<Double> busyShares() {
        List<Double> shares = new ArrayList<>();
        for (int stage = 0; stage < timeline.schedule().stageCount(); stage++) {
            shares.add(timeline.busyShare(stage));
        }
        return List.copyOf(shares);
    }

    /** What every stage did when, stage by stage in the order of time: the bars of a Gantt chart. */
    public List<Event> events() {
        List<Event> events = new ArrayList<>();
        for (int stage = 0; stage < timeline.schedule().stageCount(); stage++) {
            for (Action action : timeline.schedule().stage(stage)) {
                events.add(
                        new Event(stage, action, timeline.startNanos(stage, action), timeline.endNanos(stage, action)));
            }
        }
        return List.copyOf(events);
    }
}
