package io.github.skydl4j.spark;

import io.github.skydl4j.cluster.BatchReader;
import io.github.skydl4j.cluster.RemoteWorker;
import io.github.skydl4j.cluster.WorkerTraits;
import io.github.skydl4j.transport.SharedKey;
import java.io.Serializable;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.spark.BarrierTaskContext;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.collection.Iterator;
import scala.collection.JavaConverters;
import scala.runtime.AbstractFunction1;

/**
 * The task that hosts a stage: joins the driver's coordinator and serves until it is released. Travels to the executors the
 * way Spark sends its own tasks. A task that Spark has killed, as it does with all tasks of a barrier stage when one is lost,
 * gives its stage up; its successor joins under a name of its own.
 */
final class StageHostTask extends AbstractFunction1<Iterator<Integer>, Iterator<String>> implements Serializable {
    private static final Logger LOG = LoggerFactory.getLogger(StageHostTask.class);
    private static final long serialVersionUID = 1L;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long CHECK_MILLIS = 200;

    private final String driver;
    private final int port;
    private final byte[] key;
    private final List<Double> slowdowns;
    private final @Nullable FileBatches files;
    private final int round;

    /**
     * Describes the tasks of all hosts.
     *
     * @param driver address of the coordinator
     * @param slowdowns of the hosts by their number; empty for none
     */
    StageHostTask(InetSocketAddress driver, byte[] key, List<Double> slowdowns, @Nullable FileBatches files) {
        this(driver.getAddress().getHostAddress(), driver.getPort(), key.clone(), List.copyOf(slowdowns), files, 0);
    }

    private StageHostTask(
            String driver, int port, byte[] key, List<Double> slowdowns, @Nullable FileBatches files, int round) {
        this.driver = driver;
        this.port = port;
        this.key = key;
        this.slowdowns = slowdowns;
        this.files = files;
        this.round = round;
    }

    /** The tasks of hosts that are started for the n-th time, counted from 0. */
    StageHostTask inRound(int newRound) {
        return new StageHostTask(driver, port, key, slowdowns, files, newRound);
    }

    @Override
    public Iterator<String> apply(Iterator<Integer> numbers) {
        BarrierTaskContext task = BarrierTaskContext.get();
        int number = number(task);
        String name = MasterOptions.workerName(number) + (round == 0 ? "" : "." + round);
        RemoteWorker worker = new RemoteWorker(
                name,
                new InetSocketAddress(driver, port),
                SharedKey.of(key),
                0,
                traits(number),
                files == null ? BatchReader.none() : files,
                PATIENCE,
                news -> LOG.info("Host of a stage {}: {}", name, news));
        serve(worker, task);
        return JavaConverters.asScalaIterator(List.of(name).iterator());
    }

    /** Hosts are numbered by the addresses of their executors: a machine keeps its number when the hosts are started anew. */
    private static int number(BarrierTaskContext task) {
        String own = task.getTaskInfos()[task.partitionId()].address();
        int before = 0;
        for (int other = 0; other < task.getTaskInfos().length; other++) {
            int order = task.getTaskInfos()[other].address().compareTo(own);
            before += order < 0 || (order == 0 && other < task.partitionId()) ? 1 : 0;
        }
        return before;
    }

    private static void serve(RemoteWorker worker, BarrierTaskContext task) {
        ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
            Thread made = new Thread(work, "sky-host-" + task.partitionId());
            made.setDaemon(true);
            return made;
        });
        try {
            CompletableFuture<Void> served = CompletableFuture.runAsync(worker::run, thread);
            while (!isDone(served)) {
                if (task.isInterrupted()) {
                    worker.abandon();
                }
            }
        } catch (InterruptedException e) {
            worker.abandon();
            Thread.currentThread().interrupt();
        } finally {
            thread.shutdown();
        }
    }

    private static boolean isDone(CompletableFuture<Void> served) throws InterruptedException {
        try {
            served.get(CHECK_MILLIS, TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            throw new IllegalStateException("the host of a stage has ended: " + e.getCause(), e.getCause());
        }
    }

    private WorkerTraits traits(int number) {
        long offHeap = Pointer.maxBytes();
        return new WorkerTraits(
                Runtime.getRuntime().availableProcessors(),
                offHeap > 0 ? offHeap : Long.MAX_VALUE,
                Nd4j.getBackend().getClass().getSimpleName(),
                slowdowns.isEmpty() ? 0 : slowdowns.get(number));
    }
}
