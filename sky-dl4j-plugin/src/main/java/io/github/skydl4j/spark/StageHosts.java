package io.github.skydl4j.spark;

import io.github.skydl4j.cluster.ClusterOptions;
import io.github.skydl4j.cluster.Coordinator;
import io.github.skydl4j.cluster.SnapshotPlan;
import io.github.skydl4j.transport.SharedKey;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerApplicationEnd;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.reflect.ClassTag$;

/**
 * The hosts of stages on executors: a barrier job of one long task a host, and the coordinator that leads them from the
 * driver. They stay up until this is closed or Spark is stopped; when one is lost, Spark ends the others, and all are started
 * again.
 */
final class StageHosts implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StageHosts.class);
    private static final int KEY_BYTES = 32;
    private static final int MOST_RESTARTS = 20;
    private static final long END_MILLIS = 10_000;
    /** Tasks of a barrier stage start at one time; a new JVM takes longer than one that has hosted a stage before. */
    private static final Duration START_TOGETHER = Duration.ofSeconds(10);

    private final JavaSparkContext sc;
    private final @Nullable FileBatches files;
    private final SnapshotFolder snapshots;
    private final Coordinator coordinator;
    private final String group = "sky-" + UUID.randomUUID();
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final Thread job;
    private volatile @Nullable Throwable failure;

    /**
     * Starts the hosts and waits for them.
     *
     * @param files what they can read by themselves; null for nothing
     * @throws IllegalStateException if there are not enough slots, or the hosts do not join, within the limit
     */
    StageHosts(JavaSparkContext sc, MasterOptions options, @Nullable FileBatches files) {
        this.sc = sc;
        this.files = files;
        ExecutorSlots.await(sc.sc(), options.workers(), options.joinLimit());
        byte[] key = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(key);
        snapshots = SnapshotFolder.of(options.snapshotDirectory());
        coordinator = Coordinator.listen(
                listenAddress(sc, options.port()),
                SharedKey.of(key),
                0,
                new ClusterOptions(
                        options.workers(),
                        options.joinLimit(),
                        START_TOGETHER,
                        new SnapshotPlan(options.snapshotEvery(), snapshots.path(), false),
                        event -> LOG.info("{}", event)));
        StageHostTask task = new StageHostTask(coordinator.address().orElseThrow(), key, options.slowdowns(), files);
        job = new Thread(() -> host(task, options), "sky-hosts");
        job.setDaemon(true);
        job.start();
        sc.sc().addSparkListener(new SparkListener() {
            @Override
            public void onApplicationEnd(SparkListenerApplicationEnd event) {
                close();
            }
        });
        awaitHosts(options.workers(), options.joinLimit());
    }

    /** Whether the hosts have neither been ended nor given up by Spark. */
    boolean isUp() {
        return !isOver.get() && failure == null;
    }

    Coordinator coordinator() {
        return coordinator;
    }

    /** Whether the hosts read files as these do; also if none are needed. */
    boolean read(@Nullable FileBatches wanted) {
        return wanted == null || (files != null && SameLoader.test(wanted.loader(), files.loader()));
    }

    @Override
    public void close() {
        if (isOver.getAndSet(true)) {
            return;
        }
        coordinator.discardSnapshots();
        coordinator.close();
        try {
            job.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (job.isAlive() && !sc.sc().isStopped()) {
            sc.cancelJobGroup(group);
        }
        snapshots.close();
    }

    private void awaitHosts(int hosts, Duration limit) {
        try {
            coordinator.awaitWorkers();
        } catch (IllegalStateException e) {
            int there = coordinator.workers().size();
            Throwable cause = failure;
            close();
            throw new IllegalStateException(
                    there + " of " + hosts + " hosts of stages have joined the driver within " + limit.toSeconds()
                            + " s: can executors reach UDP ports of spark.driver.host"
                            + (cause == null ? "?" : "? Their job has failed: " + cause),
                    cause == null ? e : cause);
        }
    }

    /** Spark ends all tasks of a barrier stage when it loses one, and does not run a stage with a result again. */
    private void host(StageHostTask task, MasterOptions options) {
        sc.setJobGroup(group, "Sky: hosts of stages", false);
        for (int round = 0; !isOver.get(); round++) {
            try {
                ExecutorSlots.await(sc.sc(), options.workers(), options.joinLimit());
                hostOnce(task.inRound(round), options.workers());
                return;
            } catch (Exception | Error e) {
                if (isOver.get()) {
                    return;
                }
                LOG.warn("The hosts of stages have ended: {}", e.toString());
                if (round == MOST_RESTARTS || sc.sc().isStopped()) {
                    failure = e;
                    return;
                }
            }
        }
    }

    private void hostOnce(StageHostTask task, int hosts) {
        List<Integer> numbers = Collections.nCopies(hosts, 0);
        sc.parallelize(numbers, hosts)
                .rdd()
                .barrier()
                .mapPartitions(task, false, ClassTag$.MODULE$.apply(String.class))
                .toJavaRDD()
                .collect();
    }

    /** Where executors look for the driver; with a local master they are in this JVM. */
    private static InetSocketAddress listenAddress(JavaSparkContext sc, int port) {
        if (sc.isLocal()) {
            return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        }
        return new InetSocketAddress(sc.getConf().get("spark.driver.host", "localhost"), port);
    }
}
