package io.github.skydl4j.cluster;

import io.github.skydl4j.transport.Endpoint;
import io.github.skydl4j.transport.Message;
import io.github.skydl4j.transport.PeerLostException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the parts that workers send into a snapshot, on a thread of its own, while training goes on. One snapshot at a time;
 * a worker has a few parts under way and sends the next when one is written.
 */
final class SnapshotWriter implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotWriter.class);
    private static final int CAPACITY = 1 << 14;

    private record Arrival(String peer, Message message) {}

    /** A snapshot under way. */
    private static final class Task {
        private final SnapshotDraft draft;
        private final Set<Long> open;
        private int parts;
        private int sent;

        Task(SnapshotDraft draft, Set<Long> streams) {
            this.draft = draft;
            this.open = new HashSet<>(streams);
        }

        boolean isComplete() {
            return open.isEmpty() && parts == sent;
        }
    }

    private final Endpoint endpoint;
    private final SnapshotStore store;
    private final Consumer<Snapshot> written;
    private final ArrayBlockingQueue<Arrival> arrivals = new ArrayBlockingQueue<>(CAPACITY);
    private final Thread thread;
    private @Nullable Task task;
    private volatile boolean closed;

    /** Starts the thread; {@code written} is told of every complete snapshot, on that thread. */
    SnapshotWriter(Endpoint endpoint, SnapshotStore store, Consumer<Snapshot> written) {
        this.endpoint = endpoint;
        this.store = store;
        this.written = written;
        this.thread = new Thread(this::run, "sky-snapshots");
        thread.setDaemon(true);
        thread.start();
    }

    /** Begins a snapshot of the streams; parts of others are dropped from now on. */
    synchronized void begin(SnapshotDraft draft, Set<Long> streams) {
        abandon();
        task = new Task(draft, streams);
    }

    /** Gives the snapshot that is under way up. */
    synchronized void abandon() {
        if (task != null) {
            task.draft.close();
            task = null;
        }
    }

    /** Whether a snapshot is under way. */
    synchronized boolean isBusy() {
        return task != null;
    }

    /** Takes a {@link StatePart} or {@link StateEnd}; does not wait. */
    void take(String peer, Message message) {
        if (!arrivals.offer(new Arrival(peer, message))) {
            LOG.warn("Worker {} sends more state than it was asked for", peer);
        }
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        abandon();
    }

    private void run() {
        while (!closed) {
            try {
                Arrival arrival = arrivals.poll(1, TimeUnit.SECONDS);
                if (arrival != null) {
                    handle(arrival);
                }
            } catch (InterruptedException e) {
                return;
            } catch (SnapshotException e) {
                LOG.error("No snapshot was taken: {}", e.getMessage());
                abandon();
            }
        }
    }

    private void handle(Arrival arrival) {
        Snapshot done = null;
        synchronized (this) {
            Task active = task;
            if (arrival.message() instanceof StatePart part) {
                if (active != null && active.open.contains(part.stream())) {
                    active.draft.write(part);
                    active.parts++;
                }
            } else if (arrival.message() instanceof StateEnd end
                    && active != null
                    && active.open.remove(end.stream())) {
                active.sent += end.parts();
                if (active.isComplete()) {
                    done = store.complete(active.draft);
                    task = null;
                }
            }
        }
        if (arrival.message() instanceof StatePart part) {
            part.values().close();
            confirm(arrival.peer(), part.stream());
        }
        if (done != null) {
            written.accept(done);
        }
    }

    private void confirm(String peer, long stream) {
        try {
            endpoint.send(peer, new Order.Taken(stream));
        } catch (PeerLostException e) {
            LOG.debug("Not confirmed: {}", e.getMessage());
        }
    }
}
