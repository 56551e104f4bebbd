package io.github.skydl4j.cluster;

import io.github.skydl4j.pipeline.StalledException;
import io.github.skydl4j.transport.Endpoint;
import io.github.skydl4j.transport.Message;
import io.github.skydl4j.transport.MessageListener;
import io.github.skydl4j.transport.PeerLostException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The role of a worker: introduces itself, lets itself be measured, and hosts the stage it is given, until it is released or
 * loses its coordinator. A worker never holds more of the model than its stage.
 */
public final class WorkerNode {
    private static final Logger LOG = LoggerFactory.getLogger(WorkerNode.class);
    private static final Duration TICK = Duration.ofMillis(200);
    /** How long a neighbour may take to be heard of. */
    private static final Duration NEIGHBOUR_LIMIT = Duration.ofSeconds(10);

    /** How a worker's part in a run has ended. */
    public enum Departure {
        /** The coordinator needs it no more. */
        RELEASED,
        /** The coordinator is gone; it may come back. */
        COORDINATOR_LOST
    }

    private final Endpoint endpoint;
    private final String coordinator;
    private final WorkerTraits traits;
    private final BatchReader reader;
    private final Mailbox mailbox = new Mailbox();
    private volatile @Nullable StageDuty duty;
    private @Nullable Departure departure;
    private volatile boolean wantsToLeave;
    private volatile boolean isAbandoned;
    private boolean hasSaidSo;
    private Order.@Nullable Host postponed;
    private long postponedSince;

    /**
     * Creates the role for an endpoint.
     *
     * @param coordinator the peer whose orders count
     */
    public WorkerNode(Endpoint endpoint, String coordinator, WorkerTraits traits) {
        this(endpoint, coordinator, traits, BatchReader.none());
    }

    /**
     * Creates the role of a worker that can read batches by itself.
     *
     * @param coordinator the peer whose orders count
     */
    public WorkerNode(Endpoint endpoint, String coordinator, WorkerTraits traits, BatchReader reader) {
        this.reader = reader;
        this.endpoint = endpoint;
        this.coordinator = coordinator;
        this.traits = traits;
    }

    /** Plays the role on this thread to its end. The endpoint stays open. */
    public Departure serve() {
        endpoint.listen(new Orders());
        try {
            while (departure == null && !isAbandoned) {
                Optional<Mailbox.Event> event = mailbox.next(TICK);
                event.ifPresent(this::handle);
                sayGoodbye();
                hostPostponed();
            }
            return departure == null ? Departure.COORDINATOR_LOST : departure;
        } finally {
            giveUpStage();
        }
    }

    /** Asks to be released; {@link #serve} returns when the stage is somewhere else. May be called by any thread. */
    public void leave() {
        wantsToLeave = true;
    }

    /** Makes {@link #serve} return soon, whatever becomes of the stage. May be called by any thread. */
    public void abandon() {
        isAbandoned = true;
    }

    private void handle(Mailbox.Event event) {
        if (event instanceof Mailbox.Lost lost && lost.peer().equals(coordinator)) {
            LOG.info("The coordinator is lost: {}", lost.why());
            departure = Departure.COORDINATOR_LOST;
        } else if (event instanceof Mailbox.Received received
                && received.peer().equals(coordinator)
                && (received.message() instanceof Order || received.message() instanceof StateEnd)) {
            obey(received.message());
        }
    }

    private void obey(Message message) {
        StageDuty active = duty;
        if (message instanceof Order.Welcome welcome) {
            endpoint.epoch(Math.max(endpoint.epoch(), welcome.epoch()));
            report(new Report.Hello(traits));
        } else if (message instanceof Order.Echo echo) {
            report(new Report.Echoed(echo.id()));
        } else if (message instanceof Order.ReadClock clock) {
            long received = System.nanoTime();
            report(new Report.Clock(clock.sentNanos(), received, System.nanoTime()));
        } else if (message instanceof Order.Measure measure) {
            measure(measure);
        } else if (message instanceof Order.Regroup regroup) {
            regroup(regroup.epoch());
        } else if (message instanceof Order.Host host) {
            postponed = host;
            postponedSince = System.nanoTime();
        } else if (message instanceof Order.Release release) {
            LOG.info("Released: {}", release.why());
            departure = Departure.RELEASED;
        } else if (active != null) {
            obeyOnDuty(message, active);
        }
    }

    private static void obeyOnDuty(Message message, StageDuty active) {
        if (message instanceof StateEnd) {
            active.filled();
        } else if (message instanceof Order.Feed feed) {
            active.feed(feed);
        } else if (message instanceof Order.Fetch fetch) {
            active.fetch(fetch);
        } else if (message instanceof Order.Train train) {
            active.train(train);
        } else if (message instanceof Order.Update update) {
            active.update(update);
        } else if (message instanceof Order.Infer infer) {
            active.infer(infer);
        } else if (message instanceof Order.Copy copy) {
            active.copy(copy);
        } else if (message instanceof Order.Taken) {
            active.taken();
        }
    }

    private void measure(Order.Measure measure) {
        long nanos = SpeedTest.passNanos(
                measure.units(),
                measure.sample(),
                Duration.ofNanos(measure.warmUpNanos()),
                Duration.ofNanos(measure.measuringNanos()));
        WorkerMemory.fillYoungGeneration();
        FreedMemory.giveBack();
        report(new Report.Measured((long) (nanos * (1 + traits.slowdown())), WorkerMemory.inUse()));
    }

    private void regroup(long epoch) {
        giveUpStage();
        endpoint.epoch(epoch);
        report(new Report.Regrouped(epoch));
    }

    /** Builds the stage as soon as its neighbours are known; they may have joined a moment ago. */
    private void hostPostponed() {
        Order.Host host = postponed;
        if (host == null) {
            return;
        }
        boolean isLate = System.nanoTime() - postponedSince > NEIGHBOUR_LIMIT.toNanos();
        if (!isLate && !(isThere(host.before()) && isThere(host.after()))) {
            return;
        }
        postponed = null;
        try {
            duty = new StageDuty(endpoint, coordinator, traits, host, reader, this::report);
            report(new Report.Built());
        } catch (RuntimeException e) {
            boolean consequence = e instanceof PeerLostException;
            report(new Report.Broken(endpoint.epoch(), host.stage(), String.valueOf(e.getMessage()), consequence));
        }
    }

    private boolean isThere(String neighbour) {
        return neighbour.isEmpty() || endpoint.peers().contains(neighbour);
    }

    private void sayGoodbye() {
        if (wantsToLeave && !hasSaidSo) {
            hasSaidSo = true;
            report(new Report.Leaving());
        }
    }

    private void giveUpStage() {
        postponed = null;
        StageDuty active = duty;
        duty = null;
        if (active != null) {
            try {
                active.close();
            } catch (StalledException e) {
                LOG.warn("A stage did not end in time; its thread is left to itself", e);
            }
        }
    }

    private void report(Report report) {
        try {
            endpoint.send(coordinator, report);
        } catch (PeerLostException e) {
            LOG.debug("Not reported: {}", e.getMessage());
        }
    }

    /** Passes orders on, but for the parts of a state, which go straight into the stage: none of them has to wait. */
    private final class Orders implements MessageListener {
        @Override
        public void received(String peer, Message message) {
            StageDuty active = duty;
            if (message instanceof StatePart part) {
                if (active != null && peer.equals(coordinator)) {
                    active.fill(part);
                }
                part.values().close();
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
