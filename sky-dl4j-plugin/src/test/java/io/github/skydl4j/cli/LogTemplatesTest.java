package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.logging.log4j.ThreadContext;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the templates of Log4j2 make of a line with and of one without a context. */
class LogTemplatesTest {
    private static final String FILE = "sky.log.file";

    @TempDir
    private Path folder;

    private Path log;

    @BeforeEach
    void nameFile() {
        log = folder.resolve("log");
        System.setProperty(FILE, log.toString());
    }

    @AfterEach
    void forgetFile() {
        System.clearProperty(FILE);
    }

    @Test
    void textHasRunStageAndStepWhereALineHasThem() throws IOException {
        List<String> lines = write("log4j2.xml");
        assertThat(lines.get(0)).endsWith("run r1 stage 2 step 7 test: within");
        assertThat(lines.get(1)).endsWith("] test: outside");
    }

    @Test
    void jsonHasRunStageAndStepWhereALineHasThem() throws IOException {
        List<String> lines = write("log4j2-json.xml");
        JsonNode within = new ObjectMapper().readTree(lines.get(0));
        assertThat(within.get("run").textValue()).isEqualTo("r1");
        assertThat(within.get("stage").textValue()).isEqualTo("2");
        assertThat(within.get("step").textValue()).isEqualTo("7");
        assertThat(within.get("level").textValue()).isEqualTo("INFO");
        assertThat(within.get("message").textValue()).isEqualTo("within");
        JsonNode outside = new ObjectMapper().readTree(lines.get(1));
        assertThat(outside.has("stage")).isFalse();
        assertThat(outside.get("message").textValue()).isEqualTo("outside");
    }

    private List<String> write(String template) throws IOException {
        try (LoggerContext context = new LoggerContext("templates")) {
            context.setConfigLocation(
                    Path.of("..", "config-templates", template).toUri());
            context.start();
            var logger = context.getLogger("test");
            ThreadContext.putAll(Map.of("run", "r1", "stage", "2", "step", "7"));
            logger.info("within");
            ThreadContext.clearMap();
            logger.info("outside");
        }
        return Files.readAllLines(log);
    }
}
