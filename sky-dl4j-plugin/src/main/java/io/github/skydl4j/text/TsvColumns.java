package io.github.skydl4j.text;

import io.github.skydl4j.text.TsvFormat.Header;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeSet;

/**
 * The columns of one file, by place from 0.
 *
 * @param count how many columns every line has
 * @param hasHeader whether the first line is a header and not an example
 */
record TsvColumns(int count, boolean hasHeader, int first, OptionalInt second, int label) {
    /** The names of one family of GLUE tasks; {@code second} is empty for tasks of one sentence. */
    private record Layout(String first, Optional<String> second, String label) {
        private static Layout single(String first, String label) {
            return new Layout(first, Optional.empty(), label);
        }

        private static Layout pair(String first, String second, String label) {
            return new Layout(first, Optional.of(second), label);
        }

        private boolean fits(List<String> names) {
            return names.contains(first) && names.contains(label) && (second.isEmpty() || names.contains(second.get()));
        }
    }

    /** In order of preference: pairs first, since QNLI has a column "sentence" too. */
    private static final List<Layout> LAYOUTS = List.of(
            Layout.pair("#1 string", "#2 string", "quality"),
            Layout.pair("sentence1", "sentence2", "label"),
            Layout.pair("sentence1", "sentence2", "gold_label"),
            Layout.pair("sentence1", "sentence2", "score"),
            Layout.pair("question1", "question2", "is_duplicate"),
            Layout.pair("question", "sentence", "label"),
            Layout.single("sentence", "label"),
            Layout.single("text", "label"));

    /** Columns of a file whose first line has the fields {@code line}. {@code file} is for messages. */
    static TsvColumns of(TsvFormat format, List<String> line, String file) {
        List<String> names = line.stream()
                .map(field -> field.strip().toLowerCase(Locale.ROOT))
                .toList();
        Resolver resolver = new Resolver(format, names, file);
        return format.header() == Header.PRESENT || (format.header() == Header.AUTO && resolver.looksLikeHeader())
                ? resolver.named()
                : resolver.numbered();
    }

    private record Resolver(TsvFormat format, List<String> names, String file) {
        private Optional<Layout> layout() {
            return LAYOUTS.stream().filter(layout -> layout.fits(names)).findFirst();
        }

        private boolean looksLikeHeader() {
            if (format.first().isEmpty() && format.label().isEmpty()) {
                return layout().isPresent();
            }
            boolean given = format.first().map(this::isName).orElse(true)
                    && format.label().map(this::isName).orElse(true);
            return given || layout().isPresent();
        }

        private boolean isName(String column) {
            return names.contains(column.toLowerCase(Locale.ROOT));
        }

        private TsvColumns named() {
            Optional<Layout> layout = layout();
            Optional<String> first = format.first().or(() -> layout.map(Layout::first));
            Optional<String> second = format.first().isPresent() ? format.second() : layout.flatMap(Layout::second);
            Optional<String> label = format.label()
                    .or(() -> layout.map(Layout::label))
                    .or(() -> Optional.of("label").filter(names::contains));
            if (first.isEmpty() || label.isEmpty()) {
                throw new TextException(file + ":1: the header has the columns " + names
                        + ", none of which is known as a " + (first.isEmpty() ? "sentence" : "label")
                        + ": say which columns hold the sentence and the label");
            }
            return columns(true, place(first.get()), second.map(this::place), place(label.get()));
        }

        private TsvColumns numbered() {
            if (format.first().isEmpty() && (names.size() < 2 || names.size() > 3)) {
                throw new TextException(file + ":1: " + names.size() + " tab-separated columns and no known header: "
                        + "2 or 3 are allowed, or say which columns hold the sentence and the label");
            }
            Optional<Integer> second = format.first().isPresent()
                    ? format.second().map(this::place)
                    : Optional.of(1).filter(place -> names.size() == 3);
            int label = format.label().map(this::place).orElse(names.size() - 1);
            return columns(false, format.first().map(this::place).orElse(0), second, label);
        }

        private TsvColumns columns(boolean header, int first, Optional<Integer> second, int label) {
            TreeSet<Integer> distinct = new TreeSet<>(List.of(first));
            if (!distinct.add(label) || !second.map(distinct::add).orElse(true)) {
                throw new TextException(file + ": column " + (first + 1) + " for a sentence, column " + (label + 1)
                        + " for the label"
                        + second.map(s -> ", column " + (s + 1) + " for the second sentence")
                                .orElse("")
                        + ": choose different columns");
            }
            OptionalInt secondPlace = second.map(OptionalInt::of).orElseGet(OptionalInt::empty);
            return new TsvColumns(names.size(), header, first, secondPlace, label);
        }

        /** The place of a column given by name, or else by number from 1. */
        private int place(String column) {
            int named = names.indexOf(column.toLowerCase(Locale.ROOT));
            if (named >= 0) {
                return named;
            }
            if (column.matches("[0-9]{1,6}")) {
                int number = Integer.parseInt(column);
                if (number >= 1 && number <= names.size()) {
                    return number - 1;
                }
            }
            throw new TextException(file + ": no column " + column + ": the columns are " + names
                    + ", or numbers from 1 to " + names.size());
        }
    }
}
