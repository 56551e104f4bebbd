package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
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

    /**
     * Data in files does not pass through the driver: it opens the first file, for its shape, and holds no more after many files
     * than after few. At length with {@code -Dsky.spark.files=2000}.
     */
    @Test
    void filesAreReadByTheExecutorsAlone() throws Exception {
        int files = Integer.getInteger("sky.spark.files", 300);
        try (SparkCluster cluster = new SparkCluster(temp, 3)) {
            Process driver = cluster.submit(
                    "driver",
                    SparkFiles.class,
                    String.valueOf(files),
                    temp.resolve("batches").toString());

            assertThat(driver.waitFor(8, TimeUnit.MINUTES))
                    .as("%s", cluster.lines("driver"))
                    .isTrue();
            List<Long> few = numbers(cluster, "few: ");
            List<Long> many = numbers(cluster, "many: ");
            assertThat(few.subList(0, 2)).as("steps, files opened").containsExactly(files / 10L, 1L);
            assertThat(many.subList(0, 2)).as("steps, files opened").containsExactly((long) files, 0L);
            assertThat(many.get(2) - few.get(2)).as("growth of the heap").isLessThan(2L << 20);
            assertThat(numbers(cluster, "transfers took "))
                    .hasSize(2)
                    .allSatisfy(nanos -> assertThat(nanos).isPositive());
            numbers(cluster, "files of ").forEach(bytes -> assertThat(bytes).isGreaterThan(256L << 10));
            System.out.println("Driver with " + files + " files: heap " + few.get(2) + " bytes after " + few.get(0)
                    + " files, " + many.get(2) + " after all");
        }
    }

    /** The numbers in the driver's line that begins so. */
    private static List<Long> numbers(SparkCluster cluster, String beginning) {
        String line = cluster.lines("driver").stream()
                .filter(each -> each.startsWith(beginning))
                .findFirst()
                .orElseThrow(() -> new AssertionError(cluster.lines("driver")));
        return Pattern.compile("\\d+")
                .matcher(line)
                .results()
                .map(match -> Long.valueOf(match.group()))
                .toList();
    }
}
