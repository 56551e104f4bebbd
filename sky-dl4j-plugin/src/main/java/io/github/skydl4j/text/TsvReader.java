package io.github.skydl4j.text;

import io.github.skydl4j.text.TsvFormat.Header;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads labelled sentences from a TSV file as GLUE has them; immutable.
 *
 * <p>Fields are separated by tabs and nothing else: a quote is a character of the sentence. Blank and broken lines are
 * skipped and reported in {@link TextSet#problems()}; a file of which more than one line in twenty is broken (three are
 * always forgiven) is refused.
 */
public final class TsvReader {
    private static final int FORGIVEN_LINES = 3;
    private static final int LINES_PER_FORGIVEN = 20;
    private static final int ROWS_THAT_TELL_A_HEADER = 10;
    private static final int MAX_LABELS = 1000;
    private static final Pattern WHOLE_NUMBER = Pattern.compile("-?[0-9]{1,9}");

    private final TsvFormat format;
    private final Sample sample;

    public TsvReader(TsvFormat format, Sample sample) {
        this.format = format;
        this.sample = sample;
    }

    /** A usable line, its label still by name. */
    private record Row(String first, @Nullable String second, String label) {}

    /** The examples of {@code file}, in its order. Throws {@link TextException} if the file is of no use. */
    public TextSet read(Path file) {
        List<String> lines = TextLines.read(file);
        int firstLine = firstTextLine(lines, file);
        TsvColumns columns = TsvColumns.of(format, fields(lines.get(firstLine)), file.toString());
        Problems problems = new Problems();
        List<Row> rows = rows(lines, firstLine, columns, problems);
        if (format.header() == Header.AUTO && !columns.hasHeader()) {
            dropUnknownHeader(rows, firstLine + 1, problems);
        }
        checkEnough(file, lines.size(), rows.size(), problems);
        List<String> labels = format.labels().isEmpty() ? labelsOf(rows, file) : format.labels();
        return new TextSet(sample.of(examples(rows, labels)), labels, problems.shown());
    }

    private List<Row> rows(List<String> lines, int firstLine, TsvColumns columns, Problems problems) {
        List<Row> rows = new ArrayList<>();
        for (int line = 0; line < lines.size(); line++) {
            if (line == firstLine && columns.hasHeader()) {
                continue;
            }
            if (lines.get(line).isBlank()) {
                problems.blank(line + 1);
            } else {
                addRow(rows, fields(lines.get(line)), columns, line + 1, problems);
            }
        }
        return rows;
    }

    private void addRow(List<Row> rows, List<String> fields, TsvColumns columns, int line, Problems problems) {
        if (fields.size() != columns.count()) {
            problems.broken(line, columnsFound(fields.size()) + ", expected " + columns.count());
            return;
        }
        String first = fields.get(columns.first()).strip();
        String second = columns.second().isPresent()
                ? fields.get(columns.second().getAsInt()).strip()
                : null;
        String label = fields.get(columns.label()).strip();
        if (first.isEmpty() || label.isEmpty() || (second != null && second.isEmpty())) {
            problems.broken(line, label.isEmpty() ? "the label is empty" : "a sentence is empty");
        } else if (!format.labels().isEmpty() && !format.labels().contains(label)) {
            problems.broken(line, "label \"" + abbreviated(label) + "\", expected one of " + format.labels());
        } else {
            rows.add(new Row(first, second, label));
        }
    }

    /** A header of unknown names would pass as an example, and bring a label of its own. */
    private static void dropUnknownHeader(List<Row> rows, int line, Problems problems) {
        if (rows.size() <= ROWS_THAT_TELL_A_HEADER) {
            return;
        }
        String label = rows.get(0).label();
        if (rows.stream().skip(1).noneMatch(row -> row.label().equals(label))) {
            rows.remove(0);
            problems.broken(line, "taken for a header, its label \"" + abbreviated(label) + "\" occurs nowhere else");
        }
    }

    private static void checkEnough(Path file, int lines, int usable, Problems problems) {
        int broken = problems.brokenLines();
        int allowed = Math.max(FORGIVEN_LINES, lines / LINES_PER_FORGIVEN);
        if (usable > 0 && broken <= allowed) {
            return;
        }
        String shown = problems.shown().isEmpty() ? "" : " (" + problems.shown().get(0) + ")";
        if (usable == 0) {
            throw new TextException(file + ": no usable line among " + lines + shown
                    + ": a line needs its sentence and its label, separated by tabs");
        }
        throw new TextException(file + ": " + broken + " broken lines among " + lines + ", at most " + allowed
                + " are allowed" + shown + ": correct them or choose other columns");
    }

    private static int firstTextLine(List<String> lines, Path file) {
        for (int line = 0; line < lines.size(); line++) {
            if (!lines.get(line).isBlank()) {
                return line;
            }
        }
        throw new TextException(file + " is empty: a line needs its sentence and its label, separated by a tab");
    }

    private static List<String> labelsOf(List<Row> rows, Path file) {
        Set<String> found = new LinkedHashSet<>();
        for (Row row : rows) {
            found.add(row.label());
        }
        if (found.size() > MAX_LABELS) {
            throw new TextException(file + ": " + found.size() + " different labels, at most " + MAX_LABELS
                    + " are allowed: choose the column that holds the label");
        }
        Predicate<String> isNumber = WHOLE_NUMBER.asMatchPredicate();
        Comparator<String> order = found.stream().allMatch(isNumber)
                ? Comparator.comparingInt(Integer::parseInt)
                : Comparator.naturalOrder();
        return found.stream().sorted(order).toList();
    }

    private static List<LabelledText> examples(List<Row> rows, List<String> labels) {
        Map<String, Integer> places = new HashMap<>();
        for (String label : labels) {
            places.put(label, places.size());
        }
        List<LabelledText> examples = new ArrayList<>(rows.size());
        for (Row row : rows) {
            Integer place = places.get(row.label());
            if (place == null) {
                throw new IllegalStateException("label " + row.label() + " is not among " + labels);
            }
            examples.add(new LabelledText(row.first(), row.second(), place));
        }
        return examples;
    }

    private static List<String> fields(String line) {
        return List.of(line.split("\t", -1));
    }

    private static String columnsFound(int count) {
        return count == 1 ? "1 column" : count + " columns";
    }

    private static String abbreviated(String text) {
        return text.length() <= 40 ? text : text.substring(0, 37) + "...";
    }
}
