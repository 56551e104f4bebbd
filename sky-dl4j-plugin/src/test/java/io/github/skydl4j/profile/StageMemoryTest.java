package io.github.skydl4j.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Memory of a stage, predicted and real. In a process of its own: this one holds what other tests have left. */
class StageMemoryTest {
    @TempDir
    private Path folder;

    @Test
    void theProcessGrowsByWhatIsPredictedWithin15Percent() throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        Process probe = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        // All of the heap from the start: what grows then is arrays.
                        "-Xms1g",
                        "-Xmx1g",
                        "-XX:+AlwaysPreTouch",
                        "--add-modules",
                        "jdk.incubator.vector",
                        "-cp",
                        classPath,
                        StageMemoryProbe.class.getName())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        try {
            assertThat(probe.waitFor(120, TimeUnit.SECONDS)).isTrue();
        } finally {
            probe.destroyForcibly();
        }
        List<String> lines = Files.readAllLines(output, StandardCharsets.UTF_8);
        String[] bytes = lines.get(lines.size() - 1).split(" ");
        assertThat(bytes).as("last line of %s", lines).hasSize(3).startsWith("bytes");
        assertThat(Double.parseDouble(bytes[1]) / Double.parseDouble(bytes[2])).isBetween(0.85, 1.15);
    }
}
