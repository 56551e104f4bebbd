package io.github.skydl4j.cluster;

import io.github.skydl4j.cluster.Mailbox.Event;
import io.github.skydl4j.monitor.HeartBeat;
import io.github.skydl4j.transport.Endpoint;
import io.github.skydl4j.transport.Message;
import io.github.skydl4j.transport.PeerLostException;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a coordinator says to its workers and hears from them, and who they are. Every wait has a limit and ends early when a
 * worker that it depends on is lost. Confined to the coordinator's driving thread.
 */
final class Conversation {
    private static final Logger LOG = LoggerFactory.getLogger(Conversation.class);
    /** How long to wait, after one stage suffered from another's failure, for news of that other: longer than a heart-beat. */
    private static final Duration NEWS_LIMIT = Duration.ofSeconds(8);

    private final Endpoint endpoint;
    private final Mailbox mailbox;
    private final Consumer<ClusterEvent> events;
    private final Map<String, Member> members = new LinkedHashMap<>();
    /** Those who have gone since the last plan, also if somebody of the same name has joined since. */
    private final Set<String> departed = new HashSet<>();

    private long tickets;

    Conversation(Endpoint endpoint, Mailbox mailbox, Consumer<ClusterEvent> events) {
        this.endpoint = endpoint;
        this.mailbox = mailbox;
        this.events = events;
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The workers that have introduced themselves and are still there, in the order of their names. */
    Collection<Member> members() {
        return members.values().stream()
                .sorted((a, b) -> a.name().compareTo(b.name()))
                .toList();
    }

    @Nullable
    Member member(String name) {
        return members.get(name);
    }

    /** Sends an order; a worker that cannot be reached is out. */
    void tell(String worker, Message order) {
        try {
            endpoint.send(worker, order);
        } catch (PeerLostException e) {
            expel(worker, e.getMessage());
            throw CrewBrokenException.lost(worker, String.valueOf(e.getMessage()));
        }
    }

    /** Ends the connection to a worker, for a reason. */
    void expel(String worker, @Nullable String why) {
        if (members.remove(worker) != null) {
            departed.add(worker);
            events.accept(new ClusterEvent.Lost(worker, String.valueOf(why)));
        }
        endpoint.exclude(worker);
    }

    /** A number for a piece of work, never given before. */
    long ticket() {
        return ++tickets;
    }

    /** Takes a worker off the list that goes with our consent. */
    void dismiss(String worker) {
        members.remove(worker);
    }

    /** From now on a plan is made for those who are there. */
    void planAnew() {
        departed.clear();
    }

    /** Handles what has come so far. */
    void catchUp() {
        while (handleNext(Duration.ZERO, unasked -> {})) {
            // Until nothing is left.
        }
    }

    /** Waits until the condition holds; false if it does not within the limit. */
    boolean await(Duration limit, BooleanSupplier condition) {
        return await(limit, condition, unasked -> {});
    }

    private boolean await(Duration limit, BooleanSupplier condition, Consumer<Mailbox.Received> taker) {
        long end = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            handleNext(Duration.ofNanos(left), taker);
        }
        return true;
    }

    /**
     * Waits for one report of a kind from each of the workers.
     *
     * @param taker gets the worker and its report; false if it is not the one that is waited for
     * @throws CrewBrokenException if a worker is lost, its stage fails, or the limit is reached, which expels those who
     *     are silent
     */
    <R extends Report> void gather(
            Class<R> kind, Collection<String> workers, Duration limit, Predicate<Mailbox.Received> taker) {
        Set<String> silent = new LinkedHashSet<>(workers);
        long end = System.nanoTime() + limit.toNanos();
        while (!silent.isEmpty()) {
            requireThere(workers);
            long left = end - System.nanoTime();
            if (left <= 0) {
                throw stalled(kind, silent, limit);
            }
            Broken broken = new Broken(workers);
            handleNext(Duration.ofNanos(left), received -> {
                if (kind.isInstance(received.message()) && silent.contains(received.peer()) && taker.test(received)) {
                    silent.remove(received.peer());
                }
                broken.hear(received);
            });
            broken.check();
        }
        requireThere(workers);
    }

    /** Waits for one report of a kind from each of the workers that stay; returns those who have sent one in time. */
    Set<String> poll(Class<? extends Report> kind, Collection<String> workers, Duration limit) {
        Set<String> answered = new LinkedHashSet<>();
        boolean all = await(
                limit,
                () -> workers.stream().allMatch(worker -> answered.contains(worker) || !members.containsKey(worker)),
                received -> {
                    if (kind.isInstance(received.message())) {
                        answered.add(received.peer());
                    }
                });
        LOG.debug("{} of {} answered{}", answered.size(), workers.size(), all ? "" : ", the others not in time");
        return answered;
    }

    private CrewBrokenException stalled(Class<?> kind, Set<String> silent, Duration limit) {
        String names = String.join(", ", silent);
        String text = "waited " + limit.toSeconds() + " s for \"" + kind.getSimpleName() + "\" from " + names;
        for (String worker : Set.copyOf(silent)) {
            expel(worker, text);
        }
        return CrewBrokenException.lost(names, text);
    }

    boolean areThere(Collection<String> workers) {
        return workers.stream().allMatch(worker -> members.containsKey(worker) && !departed.contains(worker));
    }

    /** Throws {@link CrewBrokenException} if one of the workers has gone. */
    void requireThere(Collection<String> workers) {
        for (String worker : workers) {
            if (!members.containsKey(worker) || departed.contains(worker)) {
                throw CrewBrokenException.lost(worker, "it has left the run");
            }
        }
    }

    /** Handles one event; false if none came within the limit. */
    private boolean handleNext(Duration limit, Consumer<Mailbox.Received> taker) {
        Event event = mailbox.next(limit).orElse(null);
        if (event == null) {
            return false;
        }
        if (event instanceof Mailbox.Joined joined) {
            welcome(joined.peer());
        } else if (event instanceof Mailbox.Lost lost) {
            forget(lost);
        } else if (event instanceof Mailbox.Received received) {
            hear(received, taker);
        } else if (event instanceof Mailbox.Written written) {
            events.accept(new ClusterEvent.SnapshotTaken(written.snapshot().mark()));
        }
        return true;
    }

    /** Welcomes those once more whose answer may have been refused because an epoch has begun meanwhile. */
    void welcomeStrangers() {
        for (String peer : endpoint.peers()) {
            if (!members.containsKey(peer)) {
                welcome(peer);
            }
        }
    }

    private void welcome(String peer) {
        try {
            endpoint.send(peer, new Order.Welcome(endpoint.epoch()));
        } catch (PeerLostException e) {
            LOG.debug("{} left before it was welcomed", peer);
        }
    }

    private void forget(Mailbox.Lost lost) {
        if (members.remove(lost.peer()) != null) {
            departed.add(lost.peer());
            events.accept(new ClusterEvent.Lost(lost.peer(), lost.why()));
        }
    }

    private void hear(Mailbox.Received received, Consumer<Mailbox.Received> taker) {
        Member member = members.get(received.peer());
        if (received.message() instanceof Report.Hello hello) {
            if (member != null) {
                return;
            }
            members.put(received.peer(), new Member(received.peer(), hello.traits()));
            events.accept(new ClusterEvent.Joined(received.peer(), hello.traits()));
        } else if (received.message() instanceof Report.Leaving && member != null) {
            member.wantsToLeave();
            events.accept(new ClusterEvent.Leaving(received.peer()));
        } else if (received.message() instanceof Report.Clock clock && member != null) {
            noteClock(member, clock, System.nanoTime());
        } else {
            taker.accept(received);
        }
    }

    private static void noteClock(Member member, Report.Clock clock, long returnedNanos) {
        long sent = clock.sentNanos();
        long received = clock.receivedNanos();
        long answered = clock.answeredNanos();
        if (HeartBeat.isPossible(sent, received, answered, returnedNanos)) {
            member.clock().add(new HeartBeat(sent, received, answered, returnedNanos));
        }
    }

    /** Finds out who is at fault when a stage reports that it is broken. */
    private final class Broken {
        private final Collection<String> workers;
        private Mailbox.@Nullable Received first;

        Broken(Collection<String> workers) {
            this.workers = workers;
        }

        void hear(Mailbox.Received received) {
            boolean isNews = received.message() instanceof Report.Broken broken && broken.epoch() == endpoint.epoch();
            if (isNews && (first == null || isConsequence(first))) {
                first = received;
            }
        }

        void check() {
            if (first == null) {
                return;
            }
            boolean isKnown = await(
                    NEWS_LIMIT,
                    () -> !isConsequence(Objects.requireNonNull(first))
                            || !members.keySet().containsAll(workers),
                    this::hear);
            requireThere(workers);
            Mailbox.Received culprit = Objects.requireNonNull(first);
            Report.Broken report = (Report.Broken) culprit.message();
            throw new CrewBrokenException(
                    isKnown ? CrewBrokenException.Kind.STAGE_FAILED : CrewBrokenException.Kind.UNKNOWN,
                    culprit.peer(),
                    report.stage(),
                    report.text());
        }

        private static boolean isConsequence(Mailbox.Received received) {
            return ((Report.Broken) received.message()).consequence();
        }
    }
}
