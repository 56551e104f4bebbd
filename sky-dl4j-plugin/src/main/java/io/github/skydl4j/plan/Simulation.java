package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.Action;
import io.github.skydl4j.schedule.GanttChart;
import io.github.skydl4j.schedule.Timeline;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

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

    /**
     * The step as a chart: a row for each stage, and if there are links that take time, one for each direction of
     * each of them, between the rows of its stages.
     */
    public GanttChart chart(IntFunction<String> labelOfStage) {
        List<GanttChart.Row> rows = new ArrayList<>();
        for (int stage = 0; stage < timeline.schedule().stageCount(); stage++) {
            rows.add(new GanttChart.Row(labelOfStage.apply(stage), bars(stage)));
            if (stage + 1 < timeline.schedule().stageCount() && timeline.times().link(stage) > 0) {
                rows.add(new GanttChart.Row("  down", transfers(stage, true)));
                rows.add(new GanttChart.Row("  up", transfers(stage, false)));
            }
        }
        return new GanttChart(rows);
    }

    private List<GanttChart.Bar> bars(int stage) {
        return timeline.schedule().stage(stage).stream()
                .map(action -> new GanttChart.Bar(
                        action.toString(), timeline.startNanos(stage, action), timeline.endNanos(stage, action)))
                .toList();
    }

    /** One transfer after the other, as soon as what is sent is there. */
    private List<GanttChart.Bar> transfers(int link, boolean down) {
        List<GanttChart.Bar> bars = new ArrayList<>();
        long free = 0;
        for (int microBatch = 0; microBatch < timeline.schedule().microBatches(); microBatch++) {
            Action action = down ? Action.forward(microBatch) : Action.backward(microBatch);
            long start = Math.max(free, timeline.endNanos(down ? link : link + 1, action));
            free = start + timeline.times().link(link);
            bars.add(new GanttChart.Bar(action.toString(), start, free));
        }
        return bars;
    }
}
