package io.github.skydl4j.bench;

import java.util.List;

/**
 * What an experiment has found. Immutable.
 *
 * @param notes sentences for people that belong to the table
 */
record Findings(List<Row> rows, List<String> notes, Plot plot) {
    Findings {
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
        if (rows.isEmpty()) {
            throw new IllegalArgumentException("an experiment without a row has found nothing");
        }
    }
}
