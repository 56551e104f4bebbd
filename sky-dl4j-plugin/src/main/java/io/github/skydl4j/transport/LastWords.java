package io.github.skydl4j.transport;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What is to be done over the network when the JVM is told to end, before its media driver goes down: hooks of the JVM run
 * all at once, and this is part of the driver's. Thread-safe.
 */
public final class LastWords {
    private static final List<Runnable> WORDS = new CopyOnWriteArrayList<>();

    private LastWords() {}

    /** Adds something; it must end in bounded time. */
    public static void add(Runnable words) {
        WORDS.add(words);
    }

    /** Takes it back. */
    public static void remove(Runnable words) {
        WORDS.remove(words);
    }

    static void say() {
        WORDS.forEach(Runnable::run);
    }
}
