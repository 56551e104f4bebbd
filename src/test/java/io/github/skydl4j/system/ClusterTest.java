package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.github.skydl4j.system.Launcher.Outcome;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training on worker processes gives the parameters of one JVM, whatever happens to the processes. With {@code -Psoak} more of
 * it happens.
 */
class ClusterTest {
    private static final int WORKER_KILLS = Integer.getInteger("sky.soak.workerKills", 3);
    private static final int COORDINATOR_KILLS = Integer.getInteger("sky.soak.coordinatorKills", 1);
    private static final Duration STOP = Duration.ofSeconds(Integer.getInteger("sky.soak.stopSeconds", 0));
    private static final List<String> NAMES = List.of("a", "b", "c");
    private static final String QUICKSTART =
            Launcher.REPOSITORY.resolve("config-templates/quickstart.yaml").toString();

    @TempDir
    private Path temp;

    private String address;

    @BeforeEach
    void choosePort() throws IOException {
        try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
            address = "127.0.0.1:" + socket.getLocalPort();
        }
    }

    @Test
    void spawnedWorkersGiveTheParametersOfOneJvm() throws Exception {
        TrainedParameters alone = trainedAlone(2);
        assertThat(run(2, "--spawn", "3").errors()).isEmpty();
        assertTrainedLike(alone);
    }

    @Test
    void lostPacketsChangeNothing() throws Exception {
        TrainedParameters alone = trainedAlone(2);
        run(2, "--spawn", "3", "--set", "cluster.packetLoss=0.02");
        assertTrainedLike(alone);
    }

    @Test
    void losesNoStepToKilledStoppedAndLeavingProcesses() throws Exception {
        int disturbances = WORKER_KILLS + COORDINATOR_KILLS + 2;
        int epochs = 6 * disturbances;
        TrainedParameters alone = trainedAlone(epochs);
        Random random = new Random(11);
        Launcher.ofRepository().in(temp).run("key", "new", "run.key");
        Map<String, SkyProcess> workers = new TreeMap<>();
        List<SkyProcess> all = new ArrayList<>();
        try {
            SkyProcess coordinator = started(all, coordinator(epochs));
            for (String name : NAMES) {
                workers.put(name, started(all, worker(name, "run.key")));
            }
            coordinator.awaitLines(1, "epoch 1/");
            for (int i = 0; i < disturbances; i++) {
                pause(Duration.ofMillis(500 + random.nextInt(2500)));
                String name = NAMES.get(i % NAMES.size());
                if (i % (WORKER_KILLS + 2) == WORKER_KILLS + 1 || i >= WORKER_KILLS + 2) {
                    coordinator.signal("KILL");
                    coordinator.awaitEnd();
                    coordinator = started(all, coordinator(epochs, "--resume"));
                    coordinator.awaitLines(1, "Plan    3 stages");
                } else if (i == 1) {
                    stop(coordinator, workers.get(name));
                } else {
                    long before = coordinator.count("is lost");
                    workers.get(name).signal(i == 2 ? "TERM" : "KILL");
                    if (i != 2) {
                        coordinator.awaitLines(before + 1, "is lost");
                    }
                    workers.get(name).awaitEnd();
                    workers.put(name, started(all, worker(name, "run.key")));
                }
                coordinator.awaitLines(coordinator.count("  epoch ") + 1, "  epoch ");
            }
            assertThat(coordinator.awaitEnd()).as("%s", coordinator.lines()).isZero();
            System.out.println(String.join(System.lineSeparator(), coordinator.lines()));
            for (SkyProcess worker : workers.values()) {
                assertThat(worker.awaitEnd()).as("%s", worker.lines()).isZero();
            }
        } finally {
            all.forEach(SkyProcess::close);
        }
        assertTrainedLike(alone);
    }

    @Test
    void wrongKeyNeverJoins() throws Exception {
        Launcher.ofRepository().in(temp).run("key", "new", "run.key");
        Launcher.ofRepository().in(temp).run("key", "new", "other.key");
        try (SkyProcess coordinator = coordinator(1)) {
            coordinator.awaitLines(1, "Cluster listening on");
            try (SkyProcess stranger = worker("stranger", "other.key", "--patience", "2 s")) {
                assertThat(stranger.awaitEnd()).isEqualTo(1);
                assertThat(stranger.lines()).anyMatch(line -> line.contains("key"));
            }
            assertThat(coordinator.count("has joined")).isZero();
        }
    }

    private void assertTrainedLike(TrainedParameters alone) throws IOException {
        TrainedParameters trained = TrainedParameters.of(temp.resolve("trained.zip"));
        assertThat(trained)
                .as("largest difference of a parameter: %s", alone.distanceTo(trained))
                .isEqualTo(alone);
    }

    /** Long enough to be taken for dead; what it says when it wakes is refused, and it joins anew. */
    private static void stop(SkyProcess coordinator, SkyProcess worker) throws IOException, InterruptedException {
        long lost = coordinator.count("is lost");
        long joined = coordinator.count("has joined");
        worker.signal("STOP");
        coordinator.awaitLines(lost + 1, "is lost");
        pause(STOP);
        worker.signal("CONT");
        coordinator.awaitLines(joined + 1, "has joined");
    }

    private TrainedParameters trainedAlone(int epochs) throws Exception {
        run(epochs);
        return TrainedParameters.of(temp.resolve("trained.zip"));
    }

    private Outcome run(int epochs, String... more) throws Exception {
        Outcome outcome =
                Launcher.ofRepository().in(temp).with("OMP_NUM_THREADS", "1").run(arguments("train", epochs, more));
        assertThat(outcome.exitCode()).as("%s", outcome).isZero();
        return outcome;
    }

    private SkyProcess coordinator(int epochs, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of(more));
        for (String setting : List.of(
                "cluster.listen=" + address,
                "cluster.key=run.key",
                "cluster.expect=3",
                "cluster.snapshot.dir=snapshots")) {
            words.add("--set");
            words.add(setting);
        }
        return new SkyProcess(temp, arguments("coordinator", epochs, words.toArray(new String[0])));
    }

    private SkyProcess worker(String name, String key, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("worker", "--join", address, "--key", key, "--name", name));
        words.addAll(Arrays.asList(more));
        return new SkyProcess(temp, words.toArray(new String[0]));
    }

    private static String[] arguments(String command, int epochs, String... more) {
        List<String> words = new ArrayList<>(List.of(command, QUICKSTART, "--save", "trained.zip"));
        for (String setting : List.of(
                "training.epochs=" + epochs,
                "training.microBatches=1",
                "data.maxExamples=640",
                "profiling=200 ms",
                "planner=even",
                "emulation.dilation=1",
                "workers=[{name: a}, {name: b}, {name: c}]",
                "cluster.snapshot.every=7")) {
            words.add("--set");
            words.add(setting);
        }
        words.addAll(List.of(more));
        return words.toArray(new String[0]);
    }

    private static SkyProcess started(List<SkyProcess> all, SkyProcess process) {
        all.add(process);
        return process;
    }

    private static void pause(Duration duration) {
        await().pollDelay(duration).atMost(duration.plusSeconds(10)).until(() -> true);
    }
}
