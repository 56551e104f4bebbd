package io.github.skydl4j.schedule;

import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What ran when, as text: a row for each stage or link, bars as wide as they took, a time axis above. Simulated or
 * measured, it makes no difference here. Immutable.
 *
 * <pre>
 *         0         20        40 ms
 * stage 0 F0F1......B0bbbB1bbb
 * stage 1 ..F0fB0bbbF1fB1.....
 * </pre>
 *
 * A bar shows its text as far as it is wide enough, and goes on in the first letter of it, lower case. Every bar has a
 * column of its own if there is room; otherwise a later bar hides an earlier one.
 */
public record GanttChart(List<Row> rows) {

    private static final int LEAST_WIDTH = 20;
    private static final int COLUMNS_A_TICK = 10;
    private static final char IDLE = '.';

    /** One line of bars, in the order of time. */
    public record Row(String label, List<Bar> bars) {
        public Row {
            Objects.requireNonNull(label, "label");
            bars = List.copyOf(bars);
        }
    }

    /** From when to when something ran; times count from any common start. */
    public record Bar(String text, long startNanos, long endNanos) {
        public Bar {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("a bar needs a text");
            }
            if (endNanos < startNanos) {
                throw new IllegalArgumentException(
                        "bar " + text + " ends at " + endNanos + " ns, before its start at " + startNanos);
            }
        }

        private String drawn(int width) {
            String shown = text.length() <= width ? text : text.substring(0, width);
            String more = text.substring(0, 1).toLowerCase(Locale.ROOT);
            return shown + more.repeat(width - shown.length());
        }
    }

    public GanttChart {
        rows = List.copyOf(rows);
    }

    /**
     * The chart with so many columns for the time from the first start to the last end.
     *
     * @throws IllegalArgumentException if the width is below 20
     */
    public String render(int width) {
        if (width < LEAST_WIDTH) {
            throw new IllegalArgumentException(
                    "a chart of " + width + " columns cannot be read: at least " + LEAST_WIDTH);
        }
        List<Bar> bars = rows.stream().flatMap(row -> row.bars.stream()).toList();
        long start = bars.stream().mapToLong(Bar::startNanos).min().orElse(0);
        long end = bars.stream().mapToLong(Bar::endNanos).max().orElse(start);
        Scale scale = new Scale(start, Math.max(1, end - start), width);
        int labelWidth = rows.stream().mapToInt(row -> row.label.length()).max().orElse(0);
        StringBuilder text = new StringBuilder(" ".repeat(labelWidth + 1)).append(scale.axis());
        for (Row row : rows) {
            text.append('\n').append(row.label).append(" ".repeat(labelWidth + 1 - row.label.length()));
            text.append(line(row, scale));
        }
        return text.append('\n').toString();
    }

    private static String line(Row row, Scale scale) {
        StringBuilder line = new StringBuilder(String.valueOf(IDLE).repeat(scale.width));
        for (Bar bar : row.bars) {
            int first = Math.min(scale.column(bar.startNanos), scale.width - 1);
            int end = Math.max(first + 1, scale.column(bar.endNanos));
            line.replace(first, end, bar.drawn(end - first));
        }
        return line.toString();
    }

    /** From nanoseconds to columns. */
    private record Scale(long startNanos, long nanos, int width) {

        int column(long time) {
            return (int) Math.round((double) (time - startNanos) / nanos * width);
        }

        /** Ticks at 1, 2 or 5 times a power of ten of a unit that suits, every tenth column or rarer. */
        String axis() {
            long tick = tick();
            Unit unit = Unit.of(nanos);
            StringBuilder axis = new StringBuilder();
            for (long time = 0; time <= nanos; time += tick) {
                int column = column(startNanos + time);
                String number = unit.text(time) + (time + tick > nanos ? " " + unit.name : "");
                axis.append(" ".repeat(Math.max(0, column - axis.length()))).append(number);
            }
            return axis.toString();
        }

        private long tick() {
            double least = (double) nanos / width * COLUMNS_A_TICK;
            long power = 1;
            while (power * 10 <= least) {
                power *= 10;
            }
            for (long factor : new long[] {1, 2, 5}) {
                if (power * factor >= least) {
                    return power * factor;
                }
            }
            return power * 10;
        }
    }

    private enum Unit {
        SECONDS("s", 1e9),
        MILLIS("ms", 1e6),
        MICROS("us", 1e3),
        NANOS("ns", 1);

        private final String name;
        private final double nanos;

        Unit(String name, double nanos) {
            this.name = name;
            this.nanos = nanos;
        }

        static Unit of(long range) {
            for (Unit unit : values()) {
                if (range >= 2 * unit.nanos) {
                    return unit;
                }
            }
            return NANOS;
        }

        String text(long time) {
            double value = time / nanos;
            return value == Math.rint(value) ? Long.toString((long) value) : String.format(Locale.ROOT, "%.3g", value);
        }
    }
}
