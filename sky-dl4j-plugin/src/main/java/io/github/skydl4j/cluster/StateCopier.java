package io.github.skydl4j.cluster;

import io.github.skydl4j.graph.GraphState;
import io.github.skydl4j.graph.StageGraph;
import io.github.skydl4j.graph.StatePiece;
import io.github.skydl4j.transport.Endpoint;
import io.github.skydl4j.transport.PeerLostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a copy of a stage's state to the coordinator from a thread of its own, a few parts at a time: the coordinator says
 * when it has written one.
 */
final class StateCopier implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StateCopier.class);
    private static final int PARTS_UNDER_WAY = 8;
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private final Endpoint endpoint;
    private final String coordinator;
    private final Semaphore room = new Semaphore(PARTS_UNDER_WAY);
    private volatile boolean closed;

    StateCopier(Endpoint endpoint, String coordinator) {
        this.endpoint = endpoint;
        this.coordinator = coordinator;
    }

    /** The stage's state as it is now, in memory of its own. */
    static List<StatePiece> copyOf(StageGraph stage) {
        List<StatePiece> copy = new ArrayList<>();
        for (List<StatePiece> pieces : GraphState.of(stage).values()) {
            for (StatePiece piece : pieces) {
                copy.add(new StatePiece(
                        piece.unit(),
                        piece.parameter(),
                        piece.section(),
                        piece.values().dup()));
            }
        }
        return copy;
    }

    void send(long stream, List<StatePiece> pieces) {
        Thread thread = new Thread(
                () -> {
                    try {
                        int parts = StateParts.send(stream, List.of(pieces), this::send);
                        endpoint.send(coordinator, new StateEnd(stream, parts));
                    } catch (PeerLostException | IllegalStateException e) {
                        if (!closed) {
                            LOG.info("The copy of the state was not sent: {}", e.getMessage());
                        }
                    } finally {
                        pieces.forEach(piece -> piece.values().close());
                    }
                },
                "sky-state-" + stream);
        thread.setDaemon(true);
        thread.start();
    }

    /** The coordinator has dealt with a part. */
    void taken() {
        room.release();
    }

    @Override
    public void close() {
        closed = true;
        room.release(PARTS_UNDER_WAY);
    }

    private void send(StatePart part) {
        try {
            if (!room.tryAcquire(LIMIT.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IllegalStateException("the coordinator has taken nothing for " + LIMIT.toSeconds() + " s");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted", e);
        }
        if (closed) {
            throw new IllegalStateException("the stage was given up");
        }
        endpoint.send(coordinator, part);
    }
}
