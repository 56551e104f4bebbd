package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real standalone cluster trains the quickstart's sentences in three stages, whatever happens to an executor. */
class SparkClusterTest {
    private static final String SENTENCES =
            Launcher.REPOSITORY.resolve("config-templates/data/sentiment").toString();
    private static final int EPOCHS = 6;

    @TempDir
    private Path temp;

    @Test
    void killedExecutorChangesNoParameter() throws Exception {
        try (SparkCluster cluster = new SparkCluster(temp, 3)) {
            Process driver = cluster.submit("driver", SparkQuickstart.class, String.valueOf(EPOCHS), SENTENCES);
            cluster.awaitLine("driver", "epoch 2 done in 3 stages");
            List<ProcessHandle> executors = cluster.executors();
            assertThat(executors).hasSize(3);
            new ProcessBuilder("kill", "-9", String.valueOf(executors.get(1).pid()))
                    .start()
                    .waitFor();
            await().atMost(Duration.ofSeconds(10)).until(() -> !executors.get(1).isAlive());

            assertThat(driver.waitFor(6, TimeUnit.MINUTES))
                    .as("%s", cluster.lines("driver"))
                    .isTrue();
            assertThat(cluster.lines("driver"))
                    .anyMatch(line -> line.contains("epoch " + EPOCHS + " done"))
                    .filteredOn(line -> line.startsWith("epoch "))
                    .allMatch(line -> line.contains("done in 3 stages"));
            assertThat(cluster.lines("driver")).anyMatch(line -> line.endsWith("largest difference 0.0"));
        }
    }
}
