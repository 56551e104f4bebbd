package io.github.skydl4j.text;

import java.util.List;
import java.util.Optional;

/**
 * Where a TSV file keeps its sentences and labels.
 *
 * <p>A column is given by its name in the header, or by its number, counted from 1. Columns that are not given are
 * found by the names that the GLUE tasks use; if {@code first} is given, there is a second sentence only if
 * {@code second} is given too. A file without a header has its label in the last column and, if nothing else is given,
 * one sentence in two columns or a pair in three.
 *
 * @param labels the label names in order, so that several files agree; empty: those found, sorted
 */
public record TsvFormat(
        Header header, Optional<String> first, Optional<String> second, Optional<String> label, List<String> labels) {
    /** Whether the first line names the columns. */
    public enum Header {
        /** It does if it holds the names of the columns that are needed. */
        AUTO,
        PRESENT,
        ABSENT
    }

    public TsvFormat {
        labels = List.copyOf(labels);
        if (second.isPresent() && first.isEmpty()) {
            throw new TextException("column " + second.get() + " for the second sentence, but none for the first");
        }
    }

    /** Everything is found by itself. */
    public static TsvFormat detected() {
        return new TsvFormat(Header.AUTO, Optional.empty(), Optional.empty(), Optional.empty(), List.of());
    }

    public TsvFormat withHeader(Header newHeader) {
        return new TsvFormat(newHeader, first, second, label, labels);
    }

    public TsvFormat withSentence(String column) {
        return new TsvFormat(header, Optional.of(column), Optional.empty(), label, labels);
    }

    public TsvFormat withPair(String firstColumn, String secondColumn) {
        return new TsvFormat(header, Optional.of(firstColumn), Optional.of(secondColumn), label, labels);
    }

    public TsvFormat withLabel(String column) {
        return new TsvFormat(header, first, second, Optional.of(column), labels);
    }

    public TsvFormat withLabels(List<String> names) {
        return new TsvFormat(header, first, second, label, names);
    }
}
