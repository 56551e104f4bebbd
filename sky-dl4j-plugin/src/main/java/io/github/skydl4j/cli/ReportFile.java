package io.github.skydl4j.cli;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.github.skydl4j.TrainingReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.nd4j.evaluation.classification.Evaluation;

/**
 * Writes a report as JSON; its keys are the fields of {@link TrainingReport}, {@code accuracy}, and {@code f1}: that of the
 * second label where there are two, else the mean over the labels.
 */
final class ReportFile {
    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

    private ReportFile() {}

    /** Writes {@code file}; {@code accuracy} and {@code f1} are null in it where nothing was held out. */
    static void write(Path file, TrainingReport report, Optional<Evaluation> evaluation) throws IOException {
        ObjectNode json = JSON.valueToTree(report);
        json.put("accuracy", evaluation.map(Evaluation::accuracy).orElse(null));
        json.put("f1", evaluation.map(Evaluation::f1).orElse(null));
        Files.writeString(file, JSON.writeValueAsString(json) + "\n");
    }
}
