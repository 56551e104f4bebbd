package io.github.skydl4j.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Bars to draw: groups along the x axis, in each one bar a series. Immutable.
 *
 * @param series values by name of the series, one for each label
 */
record Plot(String title, String xAxis, String yAxis, List<String> labels, Map<String, List<Double>> series) {
    Plot {
        labels = List.copyOf(labels);
        series = Collections.unmodifiableMap(new LinkedHashMap<>(series));
        for (Map.Entry<String, List<Double>> entry : series.entrySet()) {
            if (entry.getValue().size() != labels.size()) {
                throw new IllegalArgumentException("series " + entry.getKey() + " has "
                        + entry.getValue().size() + " values for " + labels.size() + " labels");
            }
        }
    }

    /** The measured step and its bound for each row. */
    static Plot ofSteps(String title, List<Row> rows) {
        return ofSteps(title, "measured", rows);
    }

    /** The step, which is what {@code name} says, and its bound for each row. */
    static Plot ofSteps(String title, String name, List<Row> rows) {
        Map<String, List<Double>> series = new LinkedHashMap<>();
        series.put(name, values(rows, Row::stepMillis));
        series.put("bound", values(rows, Row::boundMillis));
        return new Plot(
                title, "", "milliseconds a step", rows.stream().map(Row::name).toList(), series);
    }

    /** Samples per second for each row, and what the bound allows: for rows with batches of different size. */
    static Plot ofSamples(String title, List<Row> rows) {
        Map<String, List<Double>> series = new LinkedHashMap<>();
        series.put("measured", values(rows, Row::samplesPerSecond));
        series.put("bound", values(rows, row -> row.samplesPerSecond() * row.overBound()));
        return new Plot(
                title, "", "samples a second", rows.stream().map(Row::name).toList(), series);
    }

    static List<Double> values(List<Row> rows, ToDoubleFunction<Row> value) {
        List<Double> values = new ArrayList<>();
        rows.forEach(row -> values.add(value.applyAsDouble(row)));
        return values;
    }
}
