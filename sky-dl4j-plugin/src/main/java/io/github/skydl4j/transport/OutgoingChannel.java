package io.github.skydl4j.transport;

import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.pipeline.ChannelClosedException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The sending end of a boundary channel over Aeron. A thread of its own seals the arrays out of their own memory into the
 * network's buffers, so that the stage's thread goes on computing.
 */
final class OutgoingChannel<T> implements Channel<T> {
    private static final Duration FOR_EVER = Duration.ofDays(10_000);

    private final ChannelSpec<T> spec;
    private final Link link;
    private final Duration sendLimit;
    private final LongSupplier epoch;
    private final Consumer<OutgoingChannel<?>> onClose;
    private final MessageQueue<T> queue;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition opened = lock.newCondition();
    private @Nullable RecordPublication publication;
    private volatile int stream;
    private volatile boolean closed;

    OutgoingChannel(
            ChannelSpec<T> spec,
            Link link,
            String self,
            Duration sendLimit,
            LongSupplier epoch,
            Consumer<OutgoingChannel<?>> onClose) {
        this.spec = spec;
        this.link = link;
        this.sendLimit = sendLimit;
        this.epoch = epoch;
        this.onClose = onClose;
        String name = "channel " + spec.id() + " from " + self + " to " + link.peer();
        queue = new MessageQueue<>(name, spec.capacity());
        Thread thread = new Thread(this::run, "sky-tensors-to-" + link.peer() + "-" + spec.id());
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void send(T message, long bytes) {
        queue.put(message, sendLimit);
    }

    @Override
    public T receive(Duration limit) {
        throw new UnsupportedOperationException("this end of channel " + spec.id() + " sends");
    }

    @Override
    public boolean copies() {
        return true;
    }

    @Override
    public void close() {
        if (shut()) {
            onClose.accept(this);
        }
    }

    /** Closes this end without telling the other; false if it was closed. */
    boolean shut() {
        lock.lock();
        try {
            if (closed) {
                return false;
            }
            closed = true;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
        queue.close();
        return true;
    }

    /** The other end is open: from now on tensors can go. */
    void open(RecordPublication way, int number) {
        lock.lock();
        try {
            publication = way;
            stream = number;
            opened.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** The number of its stream on the link; 0 before it is open. */
    int stream() {
        return stream;
    }

    private void run() {
        try {
            RecordPublication way = awaitOpen();
            while (!closed) {
                publish(queue.take(FOR_EVER), way);
            }
        } catch (ChannelClosedException e) {
            // the ordinary end
        } catch (RecordPublication.PublicationBrokenException e) {
            link.fail(e);
        } catch (RuntimeException e) {
            link.fail("a tensor could not be sent: " + e);
        } finally {
            close();
            closePublication();
        }
    }

    private RecordPublication awaitOpen() {
        lock.lock();
        try {
            while (publication == null && !closed) {
                opened.awaitUninterruptibly();
            }
            if (publication == null) {
                throw new ChannelClosedException("channel " + spec.id());
            }
            return publication;
        } finally {
            lock.unlock();
        }
    }

    private void publish(T message, RecordPublication way) {
        TensorPacker packed = TensorPacker.of(message, spec.form(), spec.wire());
        try (packed) {
            long stamp = epoch.getAsLong();
            WireWriter head = packed.head();
            WireWriter counted = new WireWriter(Integer.BYTES + head.size());
            counted.i32(head.size());
            counted.raw(head.written());
            publish(RecordKind.HEAD_START, RecordKind.HEAD_PART, stamp, counted.written(), way);
            for (INDArray array : packed.arrays()) {
                publish(RecordKind.ELEMENTS, RecordKind.ELEMENTS, stamp, ArrayBytes.of(array), way);
            }
        } finally {
            Reference.reachabilityFence(packed);
        }
        spec.form().close(message);
    }

    private void publish(int firstKind, int nextKind, long stamp, ByteBuffer bytes, RecordPublication way) {
        int kind = firstKind;
        while (bytes.hasRemaining()) {
            int length = Math.min(RecordHeader.MAX_SEALED_BYTES, bytes.remaining());
            long start = System.nanoTime();
            ByteBuffer part = bytes.slice(bytes.position(), length);
            if (!way.publish(kind, stamp, part, () -> !closed && System.nanoTime() - start < sendLimit.toNanos())) {
                if (!closed) {
                    link.fail("it has taken no tensor for " + sendLimit.toSeconds() + " s");
                }
                throw new ChannelClosedException("channel " + spec.id());
            }
            bytes.position(bytes.position() + length);
            kind = nextKind;
        }
    }

    private void closePublication() {
        lock.lock();
        try {
            if (publication != null) {
                publication.close();
            }
        } finally {
            lock.unlock();
        }
    }
}
