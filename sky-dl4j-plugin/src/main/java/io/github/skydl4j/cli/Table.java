package io.github.skydl4j.cli;

import java.util.ArrayList;
import java.util.List;

/** Rows of text in columns as wide as need be; numbers to the right, text to the left. */
final class Table {
    private static final String GAP = "   ";

    private final List<String> header;
    private final List<List<String>> rows = new ArrayList<>();

    Table(String... header) {
        this.header = List.of(header);
    }

    Table row(Object... cells) {
        List<String> row = new ArrayList<>();
        for (Object cell : cells) {
            row.add(cell.toString());
        }
        if (row.size() != header.size()) {
            throw new IllegalArgumentException(row.size() + " cells under " + header.size() + " headings");
        }
        rows.add(row);
        return this;
    }

    /** The lines, header first. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        lines.add(line(header));
        rows.forEach(row -> lines.add(line(row)));
        return lines;
    }

    private String line(List<String> cells) {
        StringBuilder line = new StringBuilder();
        for (int column = 0; column < cells.size(); column++) {
            String cell = cells.get(column);
            String padding = " ".repeat(width(column) - cell.length());
            line.append(column == 0 ? "  " : GAP);
            line.append(isNumeric(column) ? padding + cell : cell + padding);
        }
        return line.toString().stripTrailing();
    }

    private int width(int column) {
        int widest = header.get(column).length();
        for (List<String> row : rows) {
            widest = Math.max(widest, row.get(column).length());
        }
        return widest;
    }

    private boolean isNumeric(int column) {
        return rows.stream().allMatch(row -> row.get(column).matches("[0-9.]+( [%a-zA-Z]+)?"));
    }
}
