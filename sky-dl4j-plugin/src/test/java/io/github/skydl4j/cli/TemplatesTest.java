package io.github.skydl4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.skydl4j.plan.WireType;
import io.github.skydl4j.profile.ProfileStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TemplatesTest {
    private static final Path TEMPLATES = Path.of("..", "config-templates");

    @TempDir
    private Path folder;

    static Stream<Path> templates() throws IOException {
        return files().stream().filter(file -> !isCluster(file));
    }

    static Stream<Path> clusters() throws IOException {
        return files().stream().filter(TemplatesTest::isCluster);
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

    @ParameterizedTest
    @MethodSource("clusters")
    void theQuickstartsUnitsCanBePlannedOnEveryCluster(Path cluster) throws IOException {
        String quickstart = TEMPLATES.resolve("quickstart.yaml").toString();
        Path profile = folder.resolve("profile.json");
        TextTask task = TextTask.load(RunConfig.read(Path.of(quickstart), List.of()));
        int units = task.graph().getVertices().size();
        ProfileStore.write(profile, PlanCommandTest.profile(task, 16, 4, units));
        CommandLineRun run =
                CommandLineRun.of("plan", quickstart, "--cluster", cluster.toString(), "--profile", profile.toString());
        assertThat(run.errors()).isEmpty();
        assertThat(run.exitCode()).isZero();
    }

    @Test
    void thePapersClusterHas64Workers() {
        assertThat(ClusterFile.read(TEMPLATES.resolve("cluster-paper.yaml"), WireType.EXACT))
                .hasSize(64)
                .allSatisfy(worker -> assertThat(worker.slowdown()).isBetween(1.0, 6.0));
    }

    @Test
    void theQuickstartFindsItsSentencesFromAnyFolder() {
        RunConfig config = RunConfig.read(TEMPLATES.resolve("quickstart.yaml"), List.of());
        assertThat(config.data().files().trainFile()).isRegularFile();
        assertThat(config.pipeline().workers())
                .extracting(worker -> worker.slowdown())
                .containsExactly(0.0, 1.0, 3.0, 5.0);
    }

    private static List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(TEMPLATES)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        }
    }

    private static boolean isCluster(Path file) {
        return file.getFileName().toString().startsWith("cluster-");
    }
}
