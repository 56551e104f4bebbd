package io.github.skydl4j.schedule;

import java.util.Arrays;

/**
 * A schedule as text, a row a stage and a column a clock, for people and for golden tests. Every action takes one
 * clock and transfers none:
 *
 * <pre>
 * stage 0 | F0 F1 .. B0 .. B1
 * stage 1 | .. F0 B0 F1 B1 ..
 * </pre>
 */
public final class ScheduleGrid {

    private ScheduleGrid() {}

    /** The grid; every line ends with a newline and has no trailing blanks. */
    public static String render(Schedule schedule) {
        Timeline timeline = Timeline.of(schedule, StageTimes.uniform(schedule.stageCount(), 1, 1, 0));
        int clocks = Math.toIntExact(timeline.stepNanos());
        int width = Action.forward(schedule.microBatches() - 1).toString().length();
        int labelWidth = Integer.toString(schedule.stageCount() - 1).length();
        StringBuilder grid = new StringBuilder();
        for (int stage = 0; stage < schedule.stageCount(); stage++) {
            grid.append("stage ")
                    .append(pad(Integer.toString(stage), labelWidth))
                    .append(" |");
            for (String cell : row(timeline, stage, clocks)) {
                grid.append(' ').append(pad(cell, width));
            }
            trimEnd(grid);
            grid.append('\n');
        }
        return grid.toString();
    }

    private static String[] row(Timeline timeline, int stage, int clocks) {
        String[] cells = new String[clocks];
        Arrays.fill(cells, "..");
        for (Action action : timeline.schedule().stage(stage)) {
            cells[Math.toIntExact(timeline.startNanos(stage, action))] = action.toString();
        }
        return cells;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static void trimEnd(StringBuilder text) {
        while (text.charAt(text.length() - 1) == ' ') {
            text.setLength(text.length() - 1);
        }
    }
}
