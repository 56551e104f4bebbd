package io.github.skydl4j.bench;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A report as a section of a Markdown page: where it comes from, its table, its plot, its notes. */
final class MarkdownTable {
    private MarkdownTable() {}

    static List<String> lines(BenchReport report, String plotFile) {
        Machine machine = report.machine();
        List<String> lines = new ArrayList<>();
        lines.add("### " + report.experiment());
        lines.add("");
        lines.add("`%s`, %d s; %s, %d cores, Java %s, OpenBLAS for: %s; commit %s; %s"
                .formatted(
                        report.command(),
                        report.seconds(),
                        machine.cpu(),
                        machine.cores(),
                        machine.java(),
                        machine.blas(),
                        machine.commit(),
                        machine.date()));
        lines.add("");
        lines.addAll(table(report.findings().rows()));
        lines.add("");
        report.findings().notes().forEach(note -> lines.add("- " + note));
        lines.add("");
        lines.add("![" + report.experiment() + "](" + plotFile + ")");
        return lines;
    }

    private static List<String> table(List<Row> rows) {
        Set<String> details = new LinkedHashSet<>();
        rows.forEach(row -> details.addAll(row.details().keySet()));
        List<String> lines = new ArrayList<>();
        List<String> header =
                new ArrayList<>(List.of("", "samples/s", "step ms", "bound ms", "step / bound", "less time than even"));
        details.forEach(detail -> header.add(words(detail)));
        lines.add(line(header));
        lines.add(line(header.stream().map(heading -> "---").toList()));
        for (Row row : rows) {
            List<String> cells = new ArrayList<>(List.of(
                    row.name(),
                    number(row.samplesPerSecond()),
                    number(row.stepMillis()),
                    number(row.boundMillis()),
                    "%.3f".formatted(row.overBound()),
                    percent(row.reductionAgainstEven())));
            details.forEach(detail -> cells.add(cell(row.details().get(detail))));
            lines.add(line(cells));
        }
        return lines;
    }

    private static String line(List<String> cells) {
        return "| " + String.join(" | ", cells) + " |";
    }

    /** A key of the report as a heading: {@code coresUsed} gives {@code cores used}. */
    private static String words(String key) {
        return key.replaceAll("(?<=[a-z])(?=[A-Z])", " ").toLowerCase(Locale.ROOT);
    }

    private static String cell(@Nullable Object value) {
        if (value == null) {
            return "";
        }
        return value instanceof Double number ? number(number) : value.toString();
    }

    private static String percent(@Nullable Double share) {
        return share == null ? "" : "%.1f %%".formatted(100 * share);
    }

    /** Three digits or more. */
    static String number(double value) {
        int decimals = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
        return String.format(Locale.ROOT, "%." + decimals + "f", value);
    }
}
