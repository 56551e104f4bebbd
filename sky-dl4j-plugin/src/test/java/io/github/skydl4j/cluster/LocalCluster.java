package io.github.skydl4j.cluster;

import static org.awaitility.Awaitility.await;

import io.github.skydl4j.plan.ExactPlanner;
import io.github.skydl4j.plan.WireTypes;
import io.github.skydl4j.schedule.ScheduleKind;
import io.github.skydl4j.transport.Endpoint;
import io.github.skydl4j.transport.LoopbackNetwork;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A coordinator and workers in one JVM, for tests. */
final class LocalCluster implements AutoCloseable {
    private static final WorkerTraits ORDINARY = new WorkerTraits(1, Long.MAX_VALUE, "test", 0);

    private final LoopbackNetwork network = new LoopbackNetwork(ClusterCodec.codec());
    private final Map<String, WorkerNode> nodes = new ConcurrentHashMap<>();
    private final List<Thread> threads = new CopyOnWriteArrayList<>();
    final List<ClusterEvent> events = new CopyOnWriteArrayList<>();
    /** What workers that are started from now on read by themselves. */
    BatchReader reader = BatchReader.none();

    private final Path folder;
    private final int every;
    private final Consumer<ClusterEvent> follower;

    LocalCluster(Path folder, int snapshotEvery) {
        this(folder, snapshotEvery, event -> {});
    }

    LocalCluster(Path folder, int snapshotEvery, Consumer<ClusterEvent> follower) {
        this.folder = folder;
        this.follower = follower;
        this.every = snapshotEvery;
    }

    Coordinator coordinator(int expected, boolean resume) {
        return coordinator(expected, Duration.ZERO, resume);
    }

    Coordinator coordinator(int expected, Duration togetherLimit, boolean resume) {
        return coordinator(expected, togetherLimit, resume, join(Coordinator.ID));
    }

    Endpoint join(String name) {
        return network.join(name);
    }

    Coordinator coordinator(int expected, Duration togetherLimit, boolean resume, Endpoint endpoint) {
        return new Coordinator(
                endpoint,
                new ClusterOptions(
                        expected,
                        Duration.ofSeconds(20),
                        togetherLimit,
                        new SnapshotPlan(every, folder, resume),
                        this::happened));
    }

    private void happened(ClusterEvent event) {
        events.add(event);
        follower.accept(event);
    }

    void start(String... names) {
        for (String name : names) {
            start(name, ORDINARY);
        }
    }

    void start(String name, WorkerTraits traits) {
        Endpoint endpoint = network.join(name);
        WorkerNode node = new WorkerNode(endpoint, Coordinator.ID, traits, reader);
        nodes.put(name, node);
        Thread thread = new Thread(
                () -> {
                    try {
                        node.serve();
                    } finally {
                        endpoint.close();
                    }
                },
                "worker-" + name);
        thread.start();
        threads.add(thread);
    }

    /** As if the machine had gone. */
    void kill(String name) {
        network.drop(name);
    }

    WorkerNode node(String name) {
        return nodes.get(name);
    }

    /** Works until a worker has ended. */
    void awaitEnd(String name, Runnable work) {
        await().atMost(30, TimeUnit.SECONDS).until(() -> {
            work.run();
            return threads.stream().noneMatch(thread -> thread.getName().equals("worker-" + name) && thread.isAlive());
        });
    }

    static RunSettings settings(int microBatches) {
        return settings(microBatches, KnownCosts.nothing());
    }

    static RunSettings settings(int microBatches, KnownCosts known) {
        return new RunSettings(
                new ExactPlanner(),
                ScheduleKind.ROUND_TRIP,
                microBatches,
                false,
                true,
                1,
                WireTypes.EXACT,
                Duration.ofMillis(20),
                Duration.ofSeconds(20),
                known);
    }

    /** Ends all workers and waits for their threads. */
    @Override
    public void close() {
        nodes.keySet().forEach(network::drop);
        network.drop(Coordinator.ID);
        threads.forEach(LocalCluster::awaitEnd);
    }

    private static void awaitEnd(Thread thread) {
        try {
            thread.join(20_000);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (thread.isAlive()) {
            throw new IllegalStateException(thread.getName() + " has not ended");
        }
    }
}
