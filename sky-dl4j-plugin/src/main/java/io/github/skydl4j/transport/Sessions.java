package io.github.skydl4j.transport;

import java.security.SecureRandom;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The Aeron sessions in which peers may publish to this JVM. Thread-safe. */
final class Sessions {
    /** Below are numbers that Aeron gives away itself. */
    private static final int FIRST = 1 << 16;

    private final SecureRandom random = new SecureRandom();
    private final Set<Integer> open = ConcurrentHashMap.newKeySet();

    /** A new session number that nobody can guess. */
    int draw() {
        int session;
        do {
            session = FIRST + random.nextInt(Integer.MAX_VALUE - FIRST);
        } while (!open.add(session));
        return session;
    }

    void end(int session) {
        open.remove(session);
    }

    boolean contains(int session) {
        return open.contains(session);
    }
}
