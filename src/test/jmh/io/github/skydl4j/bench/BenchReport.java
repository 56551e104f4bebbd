package io.github.skydl4j.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The findings of one experiment and where they come from. Immutable. */
record BenchReport(String experiment, int repeats, Machine machine, long seconds, Findings findings) {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    String command() {
        return "./sky bench " + experiment + " --repeats " + repeats;
    }

    void write(Path file) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        report.put("experiment", experiment);
        report.put("command", command());
        report.set("machine", JSON.valueToTree(machine));
        report.put("seconds", seconds);
        ArrayNode rows = report.putArray("rows");
        findings.rows().forEach(row -> rows.add(json(row)));
        report.set("notes", JSON.valueToTree(findings.notes()));
        Files.writeString(file, JSON.writeValueAsString(report) + "\n");
    }

    /** The details stand beside the other keys. */
    private static ObjectNode json(Row row) {
        ObjectNode json = JSON.createObjectNode();
        json.put("name", row.name());
        json.put("samplesPerSecond", row.samplesPerSecond());
        json.put("stepMillis", row.stepMillis());
        json.put("boundMillis", row.boundMillis());
        json.put("reductionAgainstEven", row.reductionAgainstEven());
        row.details().forEach((key, value) -> json.set(key, JSON.valueToTree(value)));
        return json;
    }
}
