package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.skydl4j.system.Launcher.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs that are killed leave no process behind, and what they leave in shared memory, and their keys, are gone when the next one
 * has started.
 * {@code sky.soak.runs} says how many.
 */
class KilledRunsTest {
    private static final int RUNS = Integer.getInteger("sky.soak.runs", 2);
    private static final Path SHARED_MEMORY = Path.of("/dev/shm");
    private static final String DRIVER_FOLDERS = "sky-dl4j-";
    private static final String RUN_FOLDERS = "sky-run-";
    /** From the beginning of a run to the middle of its training. */
    private static final List<String> MOMENTS =
            List.of("Cluster listening", "has joined", "Plan    2 stages", "epoch 1/", "epoch 2/");

    @TempDir
    private Path temp;

    @Test
    void leaveNothing() throws Exception {
        List<Path> before = driverFolders();
        List<Path> runsBefore = runFolders();
        Random random = new Random(5);
        for (int run = 0; run < RUNS; run++) {
            killOne(MOMENTS.get(random.nextInt(MOMENTS.size())), random.nextInt(500));
        }
        Outcome last =
                Launcher.ofRepository().in(temp).with("OMP_NUM_THREADS", "1").run(train(1));
        assertThat(last.exitCode()).as("%s", last).isZero();
        // Those of other programs that have come and gone meanwhile are not asked for.
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(unlocked(driverFolders())).isSubsetOf(before));
        // Snapshots stay for a while, since a killed run may be gone on with; keys do not.
        assertThat(unlocked(runFolders()))
                .filteredOn(folder -> !runsBefore.contains(folder))
                .noneMatch(folder -> Files.exists(folder.resolve("key")));
    }

    private void killOne(String moment, int millisLater) throws IOException, InterruptedException {
        List<ProcessHandle> all = new ArrayList<>();
        try (SkyProcess run = new SkyProcess(temp, train(1000))) {
            run.awaitLines(1, moment);
            await().pollDelay(Duration.ofMillis(millisLater)).until(() -> true);
            all.addAll(run.family());
            run.signal("KILL");
            run.awaitEnd();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(all).noneMatch(ProcessHandle::isAlive));
        } finally {
            all.forEach(ProcessHandle::destroyForcibly);
        }
    }

    private static String[] train(int epochs) {
        List<String> words = new ArrayList<>(List.of(
                "train",
                Launcher.REPOSITORY.resolve("config-templates/quickstart.yaml").toString(),
                "--spawn",
                "2"));
        for (String setting : List.of(
                "training.epochs=" + epochs,
                "data.maxExamples=320",
                "profiling=100 ms",
                "planner=even",
                "emulation.dilation=1",
                "workers=[{name: a}, {name: b}]")) {
            words.add("--set");
            words.add(setting);
        }
        return words.toArray(new String[0]);
    }

    private static List<Path> driverFolders() throws IOException {
        return Files.isDirectory(SHARED_MEMORY) ? folders(SHARED_MEMORY, DRIVER_FOLDERS) : List.of();
    }

    private static List<Path> runFolders() throws IOException {
        return folders(Path.of(System.getProperty("java.io.tmpdir")), RUN_FOLDERS);
    }

    private static List<Path> folders(Path base, String prefix) throws IOException {
        try (Stream<Path> files = Files.list(base)) {
            return files.filter(file -> file.getFileName().toString().startsWith(prefix))
                    .sorted(Comparator.naturalOrder())
                    .toList();
        }
    }

    /** Those that no living process holds. */
    private static List<Path> unlocked(List<Path> folders) throws IOException {
        List<Path> free = new ArrayList<>();
        for (Path folder : folders) {
            Path lock = folder.resolve("lock");
            if (!Files.exists(lock) || isFree(lock)) {
                free.add(folder);
            }
        }
        return free;
    }

    private static boolean isFree(Path lock) throws IOException {
        try (var channel = FileChannel.open(lock, StandardOpenOption.WRITE)) {
            return channel.tryLock() != null;
        }
    }
}
