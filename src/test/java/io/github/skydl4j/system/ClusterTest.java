package io.github.skydl4j.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.github.skydl4j.system.Launcher.Outcome;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/**
 * Training on worker processes gives the parameters of one JVM, whatever happens to the processes. The system
 * properties {@code sky.soak.*} say how much of it happens.
 */
class ClusterTest {
    private static final int WORKER_KILLS = Integer.getInteger("sky.soak.workerKills", 2);
    private static final int COORDINATOR_KILLS = Integer.getInteger("sky.soak.coordinatorKills", 1);
    private static final Duration STOP = Duration.ofSeconds(Integer.getInteger("sky.soak.stopSeconds", 0));
    /** From when a loss is noticed until a step is done again. */
    private static final double LONGEST_RECOVERY_SECONDS = 15;

    private static final int EPOCHS_OF_DISTURBANCE = 12;
    private static final String EPOCH_DONE = "mean loss";
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

    /**
     * On the quickstart one worker was said to hold a quarter more than planned: a last stage makes more garbage than others,
     * and so had touched more of its young generation when it was looked at.
     */
    @Test
    void whatEachWorkerHoldsIsWhatThePlanSays() throws Exception {
        Launcher.ofRepository()
                .in(temp)
                .run("train", QUICKSTART, "--spawn", "4", "--set", "training.epochs=1", "--report", "report.json");
        JsonNode memory = new ObjectMapper()
                .readTree(temp.resolve("report.json").toFile())
                .path("memory");
        assertThat(memory).isNotEmpty().allSatisfy(worker -> {
            double planned = worker.path("plannedBytes").asDouble();
            assertThat(worker.path("bytes").asDouble()).as("%s", worker).isBetween(0.85 * planned, 1.15 * planned);
        });
    }

    @Test
    void lostPacketsChangeNothing() throws Exception {
        TrainedParameters alone = trainedAlone(2);
        run(2, "--spawn", "3", "--set", "cluster.packetLoss=0.02");
        assertTrainedLike(alone);
    }

    /** Takes minutes, so only where it is asked for: {@code -Dsky.soak.workerKills=2}, or more of it. */
    @Test
    @EnabledIfSystemProperty(named = "sky.soak.workerKills", matches = "\\d+")
    void losesNoStepToKilledStoppedAndLeavingProcesses() throws Exception {
        List<String> disturbances = new ArrayList<>(List.of("STOP", "TERM"));
        disturbances.addAll(Collections.nCopies(WORKER_KILLS, "KILL"));
        disturbances.addAll(Collections.nCopies(COORDINATOR_KILLS, "COORDINATOR"));
        Random random = new Random(11);
        Collections.shuffle(disturbances, random);
        int epochs = EPOCHS_OF_DISTURBANCE * disturbances.size();
        TrainedParameters alone = trainedAlone(epochs);
        Launcher.ofRepository().in(temp).run("key", "new", "run.key");
        try (Members members = new Members(epochs)) {
            for (int i = 0; i < disturbances.size(); i++) {
                pause(Duration.ofMillis(500 + random.nextInt(2500)));
                members.disturb(disturbances.get(i), NAMES.get(i % NAMES.size()));
            }
            members.awaitEnd();
            System.out.println("Losses noticed after " + members.noticed() + " ms");
            members.recoveries().forEach(System.out::println);
            assertThat(members.recoveries())
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(secondsIn(line)).as(line).isLessThan(LONGEST_RECOVERY_SECONDS));
        }
        assertTrainedLike(alone);
    }

    /** As many processes as {@code sky.soak.workers} says, three blocks each; what they hold is what the plan says. */
    @Test
    @EnabledIfSystemProperty(named = "sky.soak.workers", matches = "\\d+")
    void manyProcessesTrainADeepModelWithinThePlansMemory() throws Exception {
        int workers = Integer.getInteger("sky.soak.workers");
        Outcome outcome = run(
                1,
                "--spawn",
                String.valueOf(workers),
                "--set",
                "workers=[{name: w, count: " + workers + "}]",
                "--set",
                "model={hidden: 64, blocks: " + 3 * workers + ", heads: 2, intermediate: 256, maxLength: 16, seed: 7}",
                "--set",
                "training.microBatches=16",
                "--set",
                "cluster.joinLimit=5 min");
        List<String> memory = outcome.output().stream()
                .filter(line -> line.matches(" +w-\\d+ .* MiB .* %"))
                .toList();
        assertThat(memory).hasSize(workers);
        memory.forEach(System.out::println);
        assertThat(memory).allSatisfy(line -> assertThat(offBy(line)).isBetween(-15, 15));
    }

    @Test
    void wrongKeyNeverJoins() throws Exception {
        Launcher.ofRepository().in(temp).run("key", "new", "run.key");
        Launcher.ofRepository().in(temp).run("key", "new", "other.key");
        try (SkyProcess coordinator = coordinator(1)) {
            coordinator.awaitLines(1, "Cluster listening on");
            try (SkyProcess stranger = worker("stranger", "other.key", "--patience", "2 s")) {
                assertThat(stranger.awaitEnd()).isEqualTo(2);
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

    /** The number before "s;". */
    private static double secondsIn(String recovery) {
        return Double.parseDouble(recovery.replaceAll(".* after ([0-9.]+) s;.*", "$1"));
    }

    /** The last column, in percent. */
    private static int offBy(String line) {
        String[] words = line.strip().split(" +");
        return Integer.parseInt(words[words.length - 2]);
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

    private static void pause(Duration duration) {
        await().pollDelay(duration).atMost(duration.plusSeconds(10)).until(() -> true);
    }

    /** A coordinator and its workers, all of them processes. */
    private final class Members implements AutoCloseable {
        private final int epochs;
        private final List<SkyProcess> all = new ArrayList<>();
        private final Map<String, SkyProcess> workers = new TreeMap<>();
        private final Map<String, Integer> joined = new TreeMap<>();
        private final List<Long> noticed = new ArrayList<>();
        private SkyProcess coordinator;

        Members(int epochs) throws IOException {
            this.epochs = epochs;
            coordinator = add(coordinator(epochs));
            for (String name : NAMES) {
                start(name);
            }
            coordinator.awaitLines(1, "Plan    3 stages");
        }

        /** Ends when the run is at work again, so that what a recovery took is that of one loss. */
        void disturb(String how, String name) throws IOException, InterruptedException {
            if (how.equals("COORDINATOR")) {
                coordinator.signal("KILL");
                coordinator.awaitEnd();
                coordinator = add(coordinator(epochs, "--resume"));
                NAMES.forEach(worker -> joined.put(worker, 1));
                coordinator.awaitLines(1, "Plan    3 stages");
                return;
            }
            coordinator.awaitLines(joined.get(name), "Cluster " + name + " has joined");
            long lost = coordinator.count("Cluster " + name + " is lost");
            long start = System.nanoTime();
            workers.get(name).signal(how);
            if (!how.equals("TERM")) {
                coordinator.awaitLines(lost + 1, "Cluster " + name + " is lost");
                noticed.add((System.nanoTime() - start) / 1_000_000);
            }
            coordinator.awaitLines(coordinator.count(EPOCH_DONE) + 1, EPOCH_DONE);
            if (how.equals("STOP")) {
                // Taken for dead by now; what it says when it wakes is refused, and it joins anew.
                pause(STOP);
                workers.get(name).signal("CONT");
                joined.merge(name, 1, Integer::sum);
            } else {
                workers.get(name).awaitEnd();
                start(name);
            }
        }

        /** How long it took, in milliseconds, until a killed or stopped worker was taken for lost. */
        List<Long> noticed() {
            return noticed;
        }

        /** What the coordinators said of how long it took. */
        List<String> recoveries() {
            return all.stream()
                    .flatMap(process -> process.lines().stream())
                    .filter(line -> line.startsWith("Cluster back at step"))
                    .toList();
        }

        void awaitEnd() throws InterruptedException {
            assertThat(coordinator.awaitEnd()).as("%s", coordinator.lines()).isZero();
            for (SkyProcess worker : workers.values()) {
                assertThat(worker.awaitEnd()).as("%s", worker.lines()).isZero();
            }
        }

        private void start(String name) throws IOException {
            workers.put(name, add(worker(name, "run.key")));
            joined.merge(name, 1, Integer::sum);
        }

        private SkyProcess add(SkyProcess process) {
            all.add(process);
            return process;
        }

        @Override
        public void close() {
            all.forEach(SkyProcess::close);
        }
    }
}
