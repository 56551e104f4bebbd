package io.github.skydl4j.profile;

import io.github.skydl4j.graph.BoundaryTensor;
import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.plan.Link;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Measures the way between two workers over the channels that training will use, whatever carries them. One end {@link
 * #measure measures}, the other {@link #echo answers}.
 *
 * <p>Latency is half of the median of small round trips, with the waking of the thread that waits. Bandwidth comes from
 * one-way messages that double in size until one takes long enough to tell. Immutable.
 */
public final class LinkProfiler {
    private static final int FEWEST_ROUNDS = 5;
    private static final int MOST_ROUNDS = 500;
    private static final int REPEATS = 5;
    private static final long PAUSE_NANOS = 1_000_000;
    private static final long FIRST_BYTES = 1 << 14;
    private static final long MOST_BYTES = 1 << 26;
    /** So many small round trips and nanoseconds a large message must take, or its time is mostly noise. */
    private static final int ENOUGH = 4;

    private static final long ENOUGH_NANOS = 2_000_000;

    private static final String TENSOR = "probe";
    private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

    private final Duration limit;

    /** Creates a profiler that spends about so much time on a link, more only if a single message takes longer. */
    public LinkProfiler(Duration limit) {
        this.limit = limit;
    }

    /**
     * Measures a link whose other end answers with {@link #echo}.
     *
     * @return {@code bytesPerSecond} infinite where size makes no difference, as between threads of one JVM
     */
    public Link measure(Channel<Map<String, BoundaryTensor>> there, Channel<Map<String, BoundaryTensor>> back) {
        long end = System.nanoTime() + limit.toNanos();
        Map<String, BoundaryTensor> small = message(Float.BYTES);
        Samples rounds = new Samples();
        long middle = System.nanoTime() + limit.toNanos() / 2;
        for (int round = 0; round < FEWEST_ROUNDS || (round < MOST_ROUNDS && System.nanoTime() < middle); round++) {
            rounds.add(roundTrip(there, back, small, Float.BYTES));
            // The other end shall be fast asleep, as a stage that waits for work is.
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        long roundTrip = rounds.median();
        double bytesPerSecond = bandwidth(there, back, roundTrip, end);
        there.send(Map.of(), 0);
        return new Link(bytesPerSecond, roundTrip / 2);
    }

    /** Answers until the other end is through. */
    public static void echo(Channel<Map<String, BoundaryTensor>> there, Channel<Map<String, BoundaryTensor>> back) {
        Map<String, BoundaryTensor> answer = message(Float.BYTES);
        while (!there.receive(LONGEST_WAIT).isEmpty()) {
            back.send(answer, Float.BYTES);
        }
    }

    /** Measures a link both ends of which are in this JVM. */
    public Link measureHere(Channel<Map<String, BoundaryTensor>> there, Channel<Map<String, BoundaryTensor>> back) {
        CompletableFuture<Void> echo = new CompletableFuture<>();
        Thread thread = new Thread(() -> answer(there, back, echo), "sky-link-echo");
        thread.setDaemon(true);
        thread.start();
        try {
            Link link = measure(there, back);
            echo.get(LONGEST_WAIT.toSeconds(), TimeUnit.SECONDS);
            return link;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while a link was measured", e);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("the other end of a link that is measured did not answer", e);
        } finally {
            there.close();
            back.close();
        }
    }

    private static void answer(
            Channel<Map<String, BoundaryTensor>> there,
            Channel<Map<String, BoundaryTensor>> back,
            CompletableFuture<Void> done) {
        try {
            echo(there, back);
            done.complete(null);
        } catch (RuntimeException e) {
            done.completeExceptionally(e);
            back.close();
        }
    }

    /** Doubles the size until it tells; then the median of some. */
    private static double bandwidth(
            Channel<Map<String, BoundaryTensor>> there,
            Channel<Map<String, BoundaryTensor>> back,
            long roundTrip,
            long end) {
        for (long bytes = FIRST_BYTES; bytes <= MOST_BYTES; bytes *= 2) {
            Map<String, BoundaryTensor> large = message(bytes);
            long taken = roundTrip(there, back, large, bytes);
            boolean enough = bytes == MOST_BYTES || taken > ENOUGH * roundTrip + ENOUGH_NANOS;
            if (!enough) {
                continue;
            }
            Samples samples = new Samples();
            samples.add(taken);
            for (int repeat = 1; repeat < REPEATS && System.nanoTime() < end; repeat++) {
                samples.add(roundTrip(there, back, large, bytes));
            }
            long median = samples.median();
            return median <= 2 * roundTrip ? Double.POSITIVE_INFINITY : bytes * 1e9 / (median - roundTrip);
        }
        throw new AssertionError("the largest size ends the loop");
    }

    private static long roundTrip(
            Channel<Map<String, BoundaryTensor>> there,
            Channel<Map<String, BoundaryTensor>> back,
            Map<String, BoundaryTensor> message,
            long bytes) {
        long start = System.nanoTime();
        there.send(message, bytes);
        back.receive(LONGEST_WAIT);
        return System.nanoTime() - start;
    }

    private static Map<String, BoundaryTensor> message(long bytes) {
        return Map.of(TENSOR, new BoundaryTensor(Nd4j.create(DataType.FLOAT, bytes / Float.BYTES), null));
    }
}
