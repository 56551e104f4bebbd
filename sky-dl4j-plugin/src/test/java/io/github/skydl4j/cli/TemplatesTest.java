package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.config.ConfigurationFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TemplatesTest {
    private static final Path TEMPLATES = Path.of("..", "config-templates");

    @TempDir
    private Path folder;

    static Stream<Path> templates() throws IOException {
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("templates")
    void everyTemplateLoads(Path template) throws IOException {
        Files.writeString(folder.resolve("train.tsv"), "sentence\tlabel\nso good\t1\n");
        Files.writeString(folder.resolve("dev.tsv"), "sentence\tlabel\nso good\t1\n");
        RunConfig config = RunConfig.read(template, List.of(new Assignment("data.dir", "'" + folder + "'")));
        assertThat(config.pipeline().workers()).hasSizeGreaterThan(1);
        assertThat(config.training().microBatches()).isGreaterThanOrEqualTo(8);
    }

    @Test
    void theQuickstartFindsItsSentencesFromAnyFolder() {
        RunConfig config = RunConfig.read(TEMPLATES.resolve("quickstart.yaml"), List.of());
        assertThat(config.data().files().trainFile()).isRegularFile();
        assertThat(config.pipeline().workers())
                .extracting(worker -> worker.slowdown())
                .containsExactly(0.0, 1.0, 3.0, 5.0);
    }

    @Test
    void theLogTemplateIsAConfigurationOfLog4j() {
        try (LoggerContext context = new LoggerContext("templates")) {
            var configuration = ConfigurationFactory.getInstance()
                    .getConfiguration(
                            context,
                            "templates",
                            TEMPLATES.resolve("log4j2.xml").toUri());
            configuration.initialize();
            assertThat(configuration.getAppenders()).containsOnlyKeys("console", "file");
        }
    }
}
