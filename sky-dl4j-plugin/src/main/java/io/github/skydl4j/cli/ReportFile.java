package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.skydl4j.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalDouble;

/** Writes a report as JSON; its keys are the fields of {@link TrainingReport}, and {@code accuracy}. */
final class ReportFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ReportFile() {}

    /** Writes {@code file}; {@code accuracy} is null in it where nothing was held out. */
    static void write(Path file, TrainingReport report, OptionalDouble accuracy) throws IOException {
        ObjectNode json = JSON.valueToTree(report);
        if (accuracy.isPresent()) {
            json.put("accuracy", accuracy.getAsDouble());
        } else {
            json.putNull("accuracy");
        }
        Files.writeString(file, JSON.writeValueAsString(json) + "\n");
    }
}
