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
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The coordinator of a run on worker processes, and those it has started itself. Used by one thread. */
final class ClusterRun implements AutoCloseable {
    private static final Path USUAL_FOLDER = Path.of("sky-snapshots");

    private final Coordinator coordinator;
    private final @Nullable RunFolder folder;
    private final @Nullable SpawnedWorkers spawned;
    private boolean isDone;

    private ClusterRun(
            RunConfig config, ClusterChoice choice, Consumer<ClusterEvent> events, @Nullable RunFolder folder) {
        this.folder = folder;
        ClusterConfig cluster = config.cluster();
        List<Worker> workers = config.pipeline().workers();
        if (folder == null) {
            SharedKey secret = cluster.key().map(KeyFile::read).orElseGet(SharedKey::none);
            int expected = cluster.expect() > 0 ? cluster.expect() : workers.size();
            coordinator = coordinator(
                    cluster, choice, secret, expected, cluster.folder().orElse(USUAL_FOLDER), events);
            spawned = null;
        } else {
            Path key = cluster.key().orElse(folder.key());
            SharedKey secret = cluster.key().isEmpty() ? KeyFile.create(key) : KeyFile.read(key);
            int expected = cluster.expect() > 0 ? cluster.expect() : choice.spawn();
            coordinator = coordinator(
                    cluster, choice, secret, expected, cluster.folder().orElseGet(folder::snapshots), events);
            spawned = new SpawnedWorkers(
                    SpawnedWorkers.some(workers, choice.spawn()),
                    folder.path(),
                    coordinator.address().orElseThrow(),
                    key,
                    cluster.packetLoss());
        }
    }

    /** Starts a coordinator where the configuration or the options ask for one. */
    static Optional<ClusterRun> start(RunConfig config, ClusterChoice choice, Consumer<ClusterEvent> events)
            throws IOException {
        if (choice.spawn() == 0) {
            if (config.cluster().listen().isPresent()) {
                return Optional.of(new ClusterRun(config, choice, events, null));
            }
            if (choice.resume()) {
                throw new ConfigException("--resume needs a run on other processes: add --spawn N, or cluster.listen");
            }
            return Optional.empty();
        }
        Path temporary = Path.of(System.getProperty("java.io.tmpdir"));
        if (choice.resume() && config.cluster().folder().isEmpty()) {
            throw new ConfigException("--resume: expected cluster.snapshot.dir to name the folder of the snapshots"
                    + RunFolder.latestSnapshots(temporary)
                            .map(left -> "; the last run that has not come to its end has left some in " + left)
                            .orElse(""));
        }
        RunFolder folder = RunFolder.create(temporary, Instant.now());
        try {
            return Optional.of(new ClusterRun(config, choice, events, folder));
        } catch (RuntimeException e) {
            folder.close();
            throw e;
        }
    }

    private static Coordinator coordinator(
            ClusterConfig cluster,
            ClusterChoice choice,
            SharedKey secret,
            int expected,
            Path snapshots,
            Consumer<ClusterEvent> events) {
        InetSocketAddress address = cluster.listen().orElseGet(EndpointOptions::loopback);
        ClusterOptions options = new ClusterOptions(
                expected, cluster.joinLimit(), new SnapshotPlan(cluster.every(), snapshots, choice.resume()), events);
        try {
            return Coordinator.listen(address, secret, cluster.packetLoss(), options);
        } catch (UncheckedIOException e) {
            throw new ConfigException("cluster.listen: " + e.getMessage(), e);
        }
    }

    Coordinator coordinator() {
        return coordinator;
    }

    /** The run has come to its end, so that nothing of it is needed any more. */
    void done() {
        coordinator.discardSnapshots();
        isDone = true;
    }

    /** What stays of a run that is not done: where its workers' logs are, and how to go on with it. */
    Optional<String> remains() {
        if (isDone || folder == null) {
            return Optional.empty();
        }
        String goOn =
                folder.holdsSnapshot() ? "; to go on: --resume --set cluster.snapshot.dir=" + folder.snapshots() : "";
        return Optional.of("the workers' logs in " + folder.path() + " for a week" + goOn);
    }

    /** Ends the workers, those started here too, and removes what was temporary, but for what {@link #remains}. */
    @Override
    public void close() {
        coordinator.close();
        if (spawned != null) {
            spawned.close();
        }
        if (folder != null) {
            if (!isDone) {
                folder.keep();
            }
            folder.close();
        }
    }
}
