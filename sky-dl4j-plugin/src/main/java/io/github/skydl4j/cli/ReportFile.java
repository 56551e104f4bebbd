package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.skydl4j.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Writes a report as JSON; its keys are the fields of {@link TrainingReport}, {@code accuracy}, and {@code f1}: that of the
 * second label where there are two, else the mean over the labels. For masked words there are {@code maskedAccuracy} and
 * {@code perplexity} instead, and {@code maskedWords}, how many were asked.
 */
final class ReportFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ReportFile() {}

    /** Writes {@code file}; {@code accuracy} and {@code f1} are null in it where no labels were held out. */
    static void write(Path file, TrainingReport report, Optional<Outcome> outcome) throws IOException {
        ObjectNode json = JSON.valueToTree(report);
        json.putNull("accuracy").putNull("f1");
        outcome.ifPresent(found -> found.addTo(json));
        Files.writeString(file, JSON.writeValueAsString(json) + "\n");
    }
}
