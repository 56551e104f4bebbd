package io.github.skydl4j.cluster;

import io.github.skydl4j.cluster.WorkerNode.Departure;
import io.github.skydl4j.transport.AdmissionException;
import io.github.skydl4j.transport.AeronEndpoint;
import io.github.skydl4j.transport.EndpointOptions;
import io.github.skydl4j.transport.SharedKey;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A worker that joins a coordinator over the network and, when it loses it, joins again: at once, then after longer and
 * longer pauses, until its patience is over. So a coordinator may be killed and resumed.
 */
public final class RemoteWorker {
    private static final Duration JOIN_LIMIT = Duration.ofSeconds(5);
    private static final Duration SHORTEST_PAUSE = Duration.ofMillis(250);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

    private final String name;
    private final InetSocketAddress coordinator;
    private final SharedKey key;
    private final double packetLoss;
    private final WorkerTraits traits;
    private final BatchReader reader;
    private final Duration patience;
    private final Consumer<String> news;
    private final CountDownLatch left = new CountDownLatch(1);
    private volatile @Nullable WorkerNode node;
    private boolean hasJoined;

    /**
     * Describes a worker.
     *
     * @param packetLoss part of arriving datagrams that is thrown away, to try how a run bears it
     * @param reader for batches that it is to read by itself
     * @param patience how long it looks for a coordinator before it gives up
     * @param news gets a line whenever something happens
     */
    public RemoteWorker(
            String name,
            InetSocketAddress coordinator,
            SharedKey key,
            double packetLoss,
            WorkerTraits traits,
            BatchReader reader,
            Duration patience,
            Consumer<String> news) {
        this.reader = reader;
        this.name = name;
        this.coordinator = coordinator;
        this.key = key;
        this.packetLoss = packetLoss;
        this.traits = traits;
        this.patience = patience;
        this.news = news;
    }

    /**
     * Works until it is released or has asked to leave.
     *
     * @throws AdmissionException if no coordinator was found as long as the patience lasted, or the first one refuses
     */
    public void run() {
        Departure departure = Departure.COORDINATOR_LOST;
        while (departure == Departure.COORDINATOR_LOST && left.getCount() > 0) {
            departure = workOnce();
        }
    }

    /** Asks to be released; {@link #run} returns when the stage is somewhere else. May be called by any thread. */
    public void leave() {
        left.countDown();
        WorkerNode active = node;
        if (active != null) {
            active.leave();
        }
    }

    /** Ends at once, without handing over; the stage is lost. May be called by any thread. */
    public void abandon() {
        left.countDown();
        WorkerNode active = node;
        if (active != null) {
            active.abandon();
        }
    }

    private Departure workOnce() {
        try (AeronEndpoint endpoint = join()) {
            hasJoined = true;
            news.accept("joined " + HostPort.text(coordinator) + " as " + name);
            WorkerNode active = new WorkerNode(endpoint, endpoint.coordinatorId(), traits, reader);
            node = active;
            if (left.getCount() == 0) {
                active.leave();
            }
            Departure departure = active.serve();
            news.accept(departure == Departure.RELEASED ? "released" : "lost the coordinator, looking for it again");
            return departure;
        } finally {
            node = null;
        }
    }

    private AeronEndpoint join() {
        EndpointOptions options = EndpointOptions.builder(
                        name, ClusterCodec.codec(), key, AeronEndpoint.localAddressToward(coordinator))
                .packetLoss(packetLoss)
                .build();
        long end = System.nanoTime() + patience.toNanos();
        Duration pause = SHORTEST_PAUSE;
        while (true) {
            try {
                return AeronEndpoint.join(options, coordinator, JOIN_LIMIT);
            } catch (AdmissionException e) {
                // Later on a refusal may be anybody's: it is not sealed.
                boolean isInVain = e.isFinal() && !hasJoined;
                if (isInVain || System.nanoTime() + pause.toNanos() > end || hasLeftWithin(pause)) {
                    throw e;
                }
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
            }
        }
    }

    private boolean hasLeftWithin(Duration pause) {
        try {
            return left.await(pause.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}
