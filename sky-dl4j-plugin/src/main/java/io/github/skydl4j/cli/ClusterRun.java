package io.github.skydl4j.cli;

import io.github.skydl4j.Worker;
import io.github.skydl4j.cluster.ClusterEvent;
import io.github.skydl4j.cluster.ClusterOptions;
import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.cluster.SnapshotPlan;
import io.github.skydl4j.transport.EndpointOptions;
import io.github.skydl4j.transport.KeyFile;
import io.github.skydl4j.transport.SharedKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The coordinator of a run on worker processes, and those it has started itself. Used by one thread. */
final class ClusterRun implements AutoCloseable {
    private static final String USUAL_FOLDER = "sky-snapshots";

    private final Coordinator coordinator;
    private final Path temporary;
    private final @Nullable SpawnedWorkers spawned;

    private ClusterRun(RunConfig config, ClusterChoice choice, Consumer<ClusterEvent> events) throws IOException {
        temporary = Files.createTempDirectory("sky-run-");
        ClusterConfig cluster = config.cluster();
        int spawn = choice.spawn();
        Path key = cluster.key().orElse(temporary.resolve("key"));
        SharedKey secret = cluster.key().isEmpty() && spawn > 0
                ? KeyFile.create(key)
                : cluster.key().map(KeyFile::read).orElseGet(SharedKey::none);
        Path folder = cluster.folder().orElse(spawn > 0 ? temporary.resolve(USUAL_FOLDER) : Path.of(USUAL_FOLDER));
        List<Worker> workers = config.pipeline().workers();
        int expected = cluster.expect() > 0 ? cluster.expect() : spawn > 0 ? spawn : workers.size();
        coordinator = Coordinator.listen(
                cluster.listen().orElseGet(EndpointOptions::loopback),
                secret,
                cluster.packetLoss(),
                new ClusterOptions(
                        expected,
                        cluster.joinLimit(),
                        new SnapshotPlan(cluster.every(), folder, choice.resume()),
                        events));
        InetSocketAddress address = coordinator.address().orElseThrow();
        spawned = spawn == 0
                ? null
                : new SpawnedWorkers(
                        SpawnedWorkers.some(workers, spawn), temporary, address, key, cluster.packetLoss());
    }

    /** Starts a coordinator where the configuration or the options ask for one. */
    static Optional<ClusterRun> start(RunConfig config, ClusterChoice choice, Consumer<ClusterEvent> events)
            throws IOException {
        if (config.cluster().listen().isEmpty() && choice.spawn() == 0) {
            if (choice.resume()) {
                throw new ConfigException("--resume needs a run on other processes: add --spawn N, or cluster.listen");
            }
            return Optional.empty();
        }
        if (choice.resume() && config.cluster().folder().isEmpty() && choice.spawn() > 0) {
            throw new ConfigException(
                    "--resume: no snapshots were kept, expected cluster.snapshot.dir to name a folder");
        }
        return Optional.of(new ClusterRun(config, choice, events));
    }

    Coordinator coordinator() {
        return coordinator;
    }

    /** Ends the workers, those started here too, and removes what was temporary. */
    @Override
    public void close() {
        coordinator.close();
        if (spawned != null) {
            spawned.close();
        }
        try (Stream<Path> files = Files.walk(temporary)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("the temporary folder " + temporary + " cannot be removed", e);
        }
    }
}
