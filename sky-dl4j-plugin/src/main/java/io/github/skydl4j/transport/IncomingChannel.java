package io.github.skydl4j.transport;

import io.aeron.ControlledFragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import io.github.skydl4j.pipeline.Channel;
import io.github.skydl4j.pipeline.ChannelClosedException;
import io.github.skydl4j.pipeline.Transit;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The receiving end of a boundary channel over Aeron: opens records from the network's buffers right into the memory of the
 * arrays to hand out. While as many messages as the channel's capacity wait to be received it reads no further, which holds
 * the sender back.
 */
final class IncomingChannel<T> implements Channel<T> {
    private static final int FRAGMENTS_A_TURN = 64;
    private static final int MAX_HEAD_BYTES = 1 << 24;

    private final ChannelSpec<T> spec;
    private final int stream;
    private final long maxBytes;
    private final Link link;
    private final LongSupplier epoch;
    private final Runnable onClose;
    private final Runnable onRelease;
    private final Subscription subscription;
    private final RecordOpener opener;
    private final ControlledFragmentAssembler assembler =
            new ControlledFragmentAssembler((buffer, offset, length, header) -> hear(buffer, offset, length));
    private final MessageAssembler head = new MessageAssembler(MAX_HEAD_BYTES);
    private final ByteBuffer headPart = ByteBuffer.allocateDirect(RecordHeader.MAX_SEALED_BYTES);
    private final MessageQueue<Parcel<T>> queue;
    private @Nullable TensorUnpacker unpacker;
    private long begunNanos;
    private @Nullable Transit lastTransit;
    private final List<ByteBuffer> unfilled = new ArrayList<>();
    private long headEpoch;
    private volatile boolean closed;

    private record Parcel<T>(T message, Transit transit) {}

    IncomingChannel(
            ChannelSpec<T> spec,
            int stream,
            long maxBytes,
            Link link,
            String self,
            Subscription subscription,
            LongSupplier epoch,
            Runnable onClose,
            Runnable onRelease) {
        this.spec = spec;
        this.stream = stream;
        this.maxBytes = maxBytes;
        this.link = link;
        this.subscription = subscription;
        this.opener = link.opener(stream);
        this.epoch = epoch;
        this.onClose = onClose;
        this.onRelease = onRelease;
        queue = new MessageQueue<>("channel " + spec.id() + " from " + link.peer() + " to " + self, spec.capacity());
    }

    @Override
    public void send(T message, long bytes) {
        throw new UnsupportedOperationException("this end of channel " + spec.id() + " receives");
    }

    @Override
    public T receive(Duration limit) {
        Parcel<T> parcel = queue.take(limit);
        lastTransit = parcel.transit();
        return parcel.message();
    }

    /** From its first record to its last, as they arrived here: when it was sent, another clock knows. */
    @Override
    public @Nullable Transit lastTransit() {
        return lastTransit;
    }

    @Override
    public boolean copies() {
        return true;
    }

    @Override
    public void close() {
        if (shut()) {
            onClose.run();
        }
    }

    /** Closes this end without telling the other; false if it was closed. */
    boolean shut() {
        if (closed) {
            return false;
        }
        closed = true;
        queue.close();
        return true;
    }

    int stream() {
        return stream;
    }

    boolean isClosed() {
        return closed;
    }

    /** Reads what has come, as far as there is room; the tensor thread's. Returns the work done. */
    int poll() {
        return queue.hasRoom() ? subscription.controlledPoll(assembler, FRAGMENTS_A_TURN) : 0;
    }

    /** Gives the subscription back; the tensor thread's, after {@link #shut}. */
    void release() {
        subscription.close();
        onRelease.run();
    }

    private Action hear(DirectBuffer buffer, int offset, int length) {
        if (closed) {
            return Action.BREAK;
        }
        if (!queue.hasRoom()) {
            return Action.ABORT;
        }
        ByteBuffer frame = AeronUri.view(buffer, offset, length);
        RecordHeader header;
        try {
            header = opener.expect(frame);
        } catch (MalformedFrameException e) {
            return Action.CONTINUE; // not from the peer
        }
        try {
            receive(header, frame);
        } catch (MalformedFrameException e) {
            // What was under way may have been written over, so the channel cannot go on.
            link.fail("channel " + spec.id() + " is damaged: " + e.getMessage());
            close();
            return Action.BREAK;
        } catch (ChannelClosedException e) {
            return Action.BREAK;
        }
        return Action.CONTINUE;
    }

    private void receive(RecordHeader header, ByteBuffer frame) {
        switch (header.kind()) {
            case RecordKind.HEAD_START, RecordKind.HEAD_PART -> {
                opener.open(header, frame, headPart.clear());
                ByteBuffer whole = head.add(header, headPart.flip());
                if (whole != null) {
                    begin(header, whole);
                }
            }
            case RecordKind.ELEMENTS -> {
                if (unfilled.isEmpty()) {
                    throw new MalformedFrameException("elements of no array");
                }
                opener.open(header, frame, unfilled.get(0));
                if (!unfilled.get(0).hasRemaining()) {
                    unfilled.remove(0);
                }
            }
            default -> throw new MalformedFrameException("a record of kind " + header.kind());
        }
        if (unpacker != null && unfilled.isEmpty()) {
            finish(unpacker);
        }
    }

    private void begin(RecordHeader header, ByteBuffer whole) {
        if (!unfilled.isEmpty()) {
            throw new MalformedFrameException("a message within a message");
        }
        begunNanos = System.nanoTime();
        // The head is copied: its fields are read when the arrays have come.
        ByteBuffer copy = ByteBuffer.allocate(whole.remaining()).put(whole).flip();
        TensorUnpacker begun = new TensorUnpacker(new WireReader(copy), maxBytes);
        headEpoch = header.epoch();
        for (INDArray array : begun.arrays()) {
            ByteBuffer elements = ArrayBytes.of(array);
            if (elements.hasRemaining()) {
                unfilled.add(elements);
            }
        }
        unpacker = begun;
    }

    private void finish(TensorUnpacker complete) {
        T message = complete.finish(spec.form());
        unpacker = null;
        if (headEpoch >= epoch.getAsLong()) {
            long now = System.nanoTime();
            queue.put(
                    new Parcel<>(message, new Transit(begunNanos, begunNanos, now, now, complete.bytes())),
                    Duration.ZERO);
        }
    }
}
