package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.transport.AeronEndpoint;
import io.github.skydl4j.transport.Endpoint;
import io.github.skydl4j.transport.EndpointOptions;
import io.github.skydl4j.transport.Message;
import io.github.skydl4j.transport.MessageListener;
import io.github.skydl4j.transport.PeerLostException;
import io.github.skydl4j.transport.SharedKey;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;

/**
 * The role that leads a run: knows the workers, keeps the snapshots, and makes pipelines on the workers.
 *
 * <p>Used by one thread.
 */
public final class Coordinator implements AutoCloseable {
    /** The name under which a coordinator is known to its workers. */
    public static final String ID = "coordinator";

    private static final Duration REGROUP_LIMIT = Duration.ofSeconds(6);

    private final Endpoint endpoint;
    private final ClusterOptions options;
    private final Mailbox mailbox = new Mailbox();
    private final Conversation conversation;
    private final SnapshotStore store;
    private final SnapshotWriter writer;
    private String model = "";
    private boolean startedHere;

    /**
     * Takes the lead at an endpoint, which is closed with this.
     *
     * @throws SnapshotException if the snapshot folder cannot be used
     */
    public Coordinator(Endpoint endpoint, ClusterOptions options) {
        this.endpoint = endpoint;
        this.options = options;
        this.conversation = new Conversation(endpoint, mailbox, options.events());
        this.store = new SnapshotStore(options.snapshots().folder());
        this.writer = new SnapshotWriter(endpoint, store, mailbox::written);
        endpoint.listen(new Listener());
    }

    /**
     * Listens for workers on the network.
     *
     * @param packetLoss part of arriving datagrams that is thrown away, to try how a run bears it
     */
    public static Coordinator listen(
            InetSocketAddress address, SharedKey key, double packetLoss, ClusterOptions options) {
        AeronEndpoint endpoint =
                AeronEndpoint.coordinator(EndpointOptions.builder(ID, ClusterCodec.codec(), key, address)
                        .packetLoss(packetLoss)
                        .build());
        try {
            return new Coordinator(endpoint, options);
        } catch (RuntimeException e) {
            endpoint.close();
            throw e;
        }
    }

    /** Where workers join, if that is on the network. */
    public Optional<InetSocketAddress> address() {
        return endpoint instanceof AeronEndpoint network ? Optional.of(network.address()) : Optional.empty();
    }

    /** Names of the workers that are there. */
    public List<String> workers() {
        return conversation.members().stream().map(Member::name).toList();
    }

    /** Removes the snapshots of a run that has come to its end. */
    public void discardSnapshots() {
        store.clear();
    }

    /**
     * Waits for the workers that are expected.
     *
     * @throws MissingWorkersException if they do not come within the limit
     */
    public void awaitWorkers() {
        int wanted = options.expected();
        options.events().accept(new ClusterEvent.Waiting(conversation.members().size(), wanted));
        if (!conversation.await(
                options.joinLimit(), () -> conversation.members().size() >= wanted)) {
            throw new MissingWorkersException(conversation.members().size() + " of " + wanted
                    + " workers have joined within " + options.joinLimit().toSeconds()
                    + " s: start the others with ./sky worker --join HOST:PORT --key FILE, or expect fewer");
        }
    }

    /**
     * Measures, plans and has the stages hosted. Resuming, it first brings the network to the last snapshot.
     *
     * @param sample a micro-batch as training will have them, with labels
     * @param microBatches micro-batches in a step of that size
     */
    public ClusterPipeline pipeline(
            ComputationGraph network, RunSettings settings, MicroBatch sample, int microBatches) {
        return new ClusterPipeline(this, network, settings, sample, microBatches);
    }

    /** Whether a run is to go on from a snapshot. */
    public boolean resumes() {
        return options.snapshots().resume();
    }

    /**
     * Brings a network to the last snapshot: parameters, updater state, iteration and epoch.
     *
     * @return how many batches of the current epoch it has seen
     * @throws SnapshotException if there is none, or it is of another network
     */
    public int resume(ComputationGraph network) {
        Snapshot snapshot = store.latest()
                .orElseThrow(() -> new SnapshotException(
                        "there is no snapshot in " + store.folder() + " to resume from: start without --resume"));
        return Resumption.of(snapshot, network, hash(network)).batches();
    }

    /** Lets all workers go and closes the endpoint. */
    @Override
    public void close() {
        for (Member member : conversation.members()) {
            release(member.name(), "the run is over");
        }
        writer.close();
        store.close();
        endpoint.close();
    }

    /** Ends as a killed process would: nobody is told anything. */
    void abort() {
        writer.close();
        store.close();
    }

    ClusterOptions options() {
        return options;
    }

    SnapshotPlan snapshots() {
        return options.snapshots();
    }

    Conversation conversation() {
        return conversation;
    }

    void tell(ClusterEvent event) {
        options.events().accept(event);
    }

    /** Makes the first snapshot, or takes the one that the network was resumed from. */
    SnapshotMark start(ComputationGraph network) {
        model = hash(network);
        SnapshotMark here = new SnapshotMark(network.getIterationCount(), network.getEpochCount(), 0);
        Snapshot latest = store.latest().orElse(null);
        boolean isOurs =
                latest != null && latest.model().equals(model) && latest.mark().iteration() == here.iteration();
        if (latest != null && options.snapshots().resume() && isOurs) {
            return latest.mark();
        }
        if (latest != null && !startedHere) {
            throw new SnapshotException(store.folder() + " holds the snapshot of step "
                    + latest.mark().iteration()
                    + " of another run: go on from it with --resume, or name another folder");
        }
        startedHere = true;
        return store.write(network, model, here).mark();
    }

    Snapshot latest() {
        return store.latest().orElseThrow();
    }

    boolean isSaving() {
        return writer.isBusy();
    }

    void beginSnapshot(Set<Long> streams, SnapshotMark mark) {
        writer.begin(store.draft(model, mark), streams);
    }

    void abandonSnapshot() {
        writer.abandon();
    }

    /** Waits for the snapshot under way; throws as soon as one of its sources is lost. */
    void awaitSnapshot(Duration limit, Collection<String> sources) {
        boolean over = conversation.await(limit, () -> !writer.isBusy() || !conversation.areThere(sources));
        if (!over) {
            throw new SnapshotException("no snapshot was complete within " + limit.toSeconds() + " s: is the disk of "
                    + store.folder() + " full or slow?");
        }
        conversation.requireThere(sources);
    }

    /** Begins an epoch: stages of old are given up, and who does not answer is out. */
    void regroup() {
        long epoch = endpoint.epoch() + 1;
        endpoint.epoch(epoch);
        conversation.welcomeStrangers();
        List<String> names = conversation.members().stream().map(Member::name).toList();
        for (String name : names) {
            conversation.tell(name, new Order.Regroup(epoch));
        }
        Set<String> silent = new LinkedHashSet<>(names);
        silent.removeAll(conversation.poll(Report.Regrouped.class, names, REGROUP_LIMIT));
        for (String name : silent) {
            conversation.expel(name, "it has not answered within " + REGROUP_LIMIT.toSeconds() + " s");
        }
    }

    void release(String worker, String why) {
        try {
            endpoint.send(worker, new Order.Release(why));
        } catch (PeerLostException e) {
            // Gone already, which is what was wanted.
        }
        conversation.dismiss(worker);
    }

    /** Of what the network is, whatever it has learned. */
    private static String hash(ComputationGraph network) {
        try {
            ComputationGraphConfiguration counted = network.getConfiguration().clone();
            counted.setIterationCount(0);
            counted.setEpochCount(0);
            byte[] json = counted.toJson().getBytes(StandardCharsets.UTF_8);
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(json));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    /** Passes reports on; state goes to the writer of snapshots. */
    private final class Listener implements MessageListener {
        @Override
        public void received(String peer, Message message) {
            if (message instanceof StatePart || message instanceof StateEnd) {
                writer.take(peer, message);
            } else {
                mailbox.received(peer, message);
            }
        }

        @Override
        public void joined(String peer) {
            mailbox.joined(peer);
        }

        @Override
        public void lost(String peer, String why) {
            mailbox.lost(peer, why);
        }
    }
}
