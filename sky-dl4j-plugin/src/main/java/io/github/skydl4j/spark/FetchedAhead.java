package io.github.skydl4j.spark;

import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads another iterator on a thread of its own, a bounded number of elements ahead. Close it, also when it was not read
 * to its end. Used by one thread.
 */
final class FetchedAhead<T> implements Iterator<T>, AutoCloseable {
    /** What the reader hands over: an element, or how it ended. */
    private record Fetched<T>(@Nullable T element, @Nullable Throwable failure) {}

    private static final long CHECK_MILLIS = 500;

    private final Iterator<? extends T> source;
    private final BlockingQueue<Fetched<T>> queue;
    private final Thread reader;
    private @Nullable Fetched<T> next;

    /** Starts reading. */
    FetchedAhead(Iterator<? extends T> source, int ahead) {
        this.source = source;
        this.queue = new ArrayBlockingQueue<>(ahead);
        this.reader = new Thread(this::read, "sky-fetch");
        reader.setDaemon(true);
        reader.start();
    }

    @Override
    public boolean hasNext() {
        Fetched<T> fetched = peek();
        if (fetched.failure() != null) {
            throw new IllegalStateException(
                    "the training data could not be read: " + fetched.failure(), fetched.failure());
        }
        return fetched.element() != null;
    }

    @Override
    public T next() {
        if (!hasNext()) {
            throw new NoSuchElementException("no element is left");
        }
        T element = peek().element();
        next = null;
        if (element == null) {
            throw new NoSuchElementException("no element is left");
        }
        return element;
    }

    @Override
    public void close() {
        reader.interrupt();
        queue.clear();
    }

    private Fetched<T> peek() {
        Fetched<T> peeked = next;
        if (peeked == null) {
            peeked = await();
            next = peeked;
        }
        return peeked;
    }

    /** Waits as long as the reader lives: Spark bounds its own jobs. */
    private Fetched<T> await() {
        try {
            while (true) {
                Fetched<T> fetched = queue.poll(CHECK_MILLIS, TimeUnit.MILLISECONDS);
                if (fetched != null) {
                    return fetched;
                }
                if (!reader.isAlive() && queue.isEmpty()) {
                    return new Fetched<>(null, new IllegalStateException("its reader was stopped"));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for training data", e);
        }
    }

    private void read() {
        try {
            while (source.hasNext()) {
                queue.put(new Fetched<>(source.next(), null));
            }
            queue.put(new Fetched<>(null, null));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception | Error e) {
            // Scala throws what it likes: a failed job comes as a checked exception that nobody has declared.
            fail(e);
        }
    }

    private void fail(Throwable cause) {
        try {
            queue.put(new Fetched<>(null, cause));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
