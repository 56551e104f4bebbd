package io.github.skydl4j.transport;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Who is in the run besides this member: the doors of all, and links to those that it has talked to. Links are made by the
 * network thread; others say which they want, and wait. Thread-safe.
 */
final class Members {
    /** Longer than one attempt at a link: on a busy machine the first may fail. */
    private static final long LINK_WAIT_NANOS = 10_000_000_000L;

    private static final long LOOK_NANOS = 100_000_000;

    private final Map<String, InetSocketAddress> doors = new ConcurrentHashMap<>();
    private final Map<String, Link> links = new ConcurrentHashMap<>();
    private final Set<String> wanted = ConcurrentHashMap.newKeySet();
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private volatile @Nullable String coordinatorId;
    private volatile boolean closed;

    Set<String> names() {
        return Set.copyOf(doors.keySet());
    }

    /** The doors of all. */
    Map<String, InetSocketAddress> doors() {
        return doors;
    }

    /** Adds a member; false if it was there. */
    boolean add(String peer, InetSocketAddress door) {
        return doors.put(peer, door) == null;
    }

    /** Removes a member; false if it was not there. */
    boolean remove(String peer) {
        return doors.remove(peer) != null;
    }

    /** The coordinator's name; none before it is known, and at the coordinator itself. */
    @Nullable
    String coordinatorId() {
        return coordinatorId;
    }

    void coordinatorId(String id) {
        coordinatorId = id;
    }

    boolean isCoordinator(Link link) {
        return link.peer().equals(coordinatorId);
    }

    /** Members that somebody waits for a link to. */
    Set<String> wanted() {
        return wanted;
    }

    Collection<Link> links() {
        return links.values();
    }

    @Nullable
    Link present(String peer) {
        return links.get(peer);
    }

    void add(Link link) {
        links.put(link.peer(), link);
    }

    void remove(Link link) {
        links.remove(link.peer(), link);
    }

    /** Wakes who waits, since something has changed. */
    void signal() {
        lock.lock();
        try {
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** From now on there is nobody: who waits is told so. */
    void close() {
        closed = true;
        signal();
    }

    /** The link to a peer; the first time, waits until it is made. */
    Link link(String peer) {
        Link link = links.get(peer);
        if (link != null && link.isOpen()) {
            return link;
        }
        long left = LINK_WAIT_NANOS;
        lock.lock();
        try {
            while (true) {
                link = links.get(peer);
                if (link != null && link.isOpen()) {
                    return link;
                }
                if (!doors.containsKey(peer) || closed) {
                    throw new PeerLostException(
                            peer, closed ? "this endpoint is closed" : "it is no member of the run");
                }
                if (left <= 0) {
                    throw new PeerLostException(
                            peer, "no link to it within " + TimeUnit.NANOSECONDS.toSeconds(LINK_WAIT_NANOS) + " s");
                }
                wanted.add(peer);
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerLostException(peer, "interrupted while waiting for a link to it");
        } finally {
            wanted.remove(peer);
            lock.unlock();
        }
    }

    /**
     * Waits until the coordinator has admitted this member.
     *
     * @throws AdmissionException if it has not within the limit, or has refused for good
     */
    void awaitCoordinator(InetSocketAddress address, Duration limit, Door door) {
        long left = limit.toNanos();
        lock.lock();
        try {
            while (coordinatorId == null) {
                if (left <= 0 || door.isRefusalFinal()) {
                    String hint = door.lastRefusal();
                    throw new AdmissionException(
                            "the coordinator at " + address.getHostString() + ":" + address.getPort(),
                            hint.isEmpty()
                                    ? "no answer within " + limit.toSeconds()
                                            + " s: is it running, and does UDP get through?"
                                    : hint,
                            door.isRefusalFinal());
                }
                left = changed.awaitNanos(Math.min(left, LOOK_NANOS)) + left - Math.min(left, LOOK_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new PeerLostException("the coordinator", "interrupted while joining");
        } finally {
            lock.unlock();
        }
    }
}
