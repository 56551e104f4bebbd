package io.github.skydl4j.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The configuration file and the values that replace some of its own. */
final class ConfigOptions {
    @Parameters(index = "0", paramLabel = "FILE.yaml", description = "What to train and who works on it.")
    private @Nullable Path file;

    @Option(
            names = "--set",
            paramLabel = "key=value",
            description = {
                "Replace a value of the file: training.epochs=1, workers[1].slowdown=3.",
                "Paths given so are seen from the current folder."
            })
    private final List<String> assignments = new ArrayList<>();

    RunConfig read() {
        return RunConfig.read(file(), parsed());
    }

    /** The values as they stand there, unchecked. */
    Settings settings() {
        return Settings.read(file(), parsed());
    }

    private Path file() {
        if (file == null) {
            throw new IllegalStateException("picocli calls a command only with its parameters");
        }
        return file;
    }

    private List<Assignment> parsed() {
        return assignments.stream().map(Assignment::parse).toList();
    }
}
