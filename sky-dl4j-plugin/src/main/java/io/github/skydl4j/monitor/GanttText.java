package io.github.skydl4j.monitor;

import io.github.skydl4j.pipeline.Activity;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A step as text, a line a stage and a column a slice of time:
 *
 * <pre>
 *   0 fast    |0011...aaU|
 *   1 slowest |..00aaa...|
 * </pre>
 *
 * A digit is a forward, the last digit of its micro-batch; a letter is a backward, {@code a} of micro-batch 0; {@code U} is
 * the update. A slice shows what has most of it; a dot stands for none of these.
 */
public final class GanttText {
    private static final char IDLE = '.';
    private static final char UPDATE = 'U';
    private static final int DIGITS = 10;
    private static final int LETTERS = 26;

    private GanttText() {}

    /** The lines, without line ends: stages first to last, then a scale. */
    public static List<String> render(MonitoredStep step, List<String> stageNames, int columns) {
        int stages = step.summary().stages().size();
        int label = stageNames.stream().mapToInt(String::length).max().orElse(0);
        long start = step.summary().facts().startNanos();
        long end = step.events().stream().mapToLong(StageEvent::endNanos).max().orElse(start);
        List<String> lines = new ArrayList<>();
        for (int s = 0; s < stages; s++) {
            String name = stageNames.get(s);
            lines.add(name + " ".repeat(label - name.length()) + " |" + row(step, s, start, end, columns) + "|");
        }
        lines.add(" ".repeat(label + 2) + scale(end - start, columns));
        return lines;
    }

    private static String row(MonitoredStep step, int stage, long start, long end, int columns) {
        char[] cells = new char[columns];
        long[] longest = new long[columns];
        Arrays.fill(cells, IDLE);
        double column = Math.max(1, end - start) / (double) columns;
        // Less than a quarter of a slice is not worth a character.
        Arrays.fill(longest, (long) (column / 4));
        for (StageEvent event : step.events()) {
            if (event.stage() == stage && event.activity().isWork()) {
                draw(event, start, column, cells, longest);
            }
        }
        return new String(cells);
    }

    private static void draw(StageEvent event, long start, double column, char[] cells, long[] longest) {
        int first = (int) ((event.startNanos() - start) / column);
        int last = Math.min(cells.length - 1, (int) ((event.endNanos() - start) / column));
        for (int c = first; c <= last; c++) {
            long from = Math.max(event.startNanos() - start, (long) (c * column));
            long to = Math.min(event.endNanos() - start, (long) ((c + 1) * column));
            if (to - from > longest[c]) {
                longest[c] = to - from;
                cells[c] = letter(event);
            }
        }
    }

    private static char letter(StageEvent event) {
        if (event.activity() == Activity.UPDATE) {
            return UPDATE;
        }
        return event.isForward()
                ? (char) ('0' + event.microBatch() % DIGITS)
                : (char) ('a' + event.microBatch() % LETTERS);
    }

    private static String scale(long nanos, int columns) {
        String end = String.format(Locale.ROOT, "%.1f ms", nanos / 1e6);
        return "0" + " ".repeat(Math.max(1, columns - 1 - end.length())) + end;
    }
}
