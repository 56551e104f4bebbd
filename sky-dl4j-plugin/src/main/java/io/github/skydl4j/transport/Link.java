package io.github.skydl4j.transport;

import io.aeron.Aeron;
import io.aeron.ControlledFragmentAssembler;
import io.aeron.Subscription;
import io.aeron.logbuffer.ControlledFragmentHandler.Action;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.agrona.DirectBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The way to one peer and back: messages, signs of life and what concerns channels, in one sealed stream for each direction.
 *
 * <p>Any thread may send. Receiving and closing are the network thread's.
 */
final class Link {
    private static final int TERM_BYTES = 2 << 20;
    private static final int FRAGMENTS_A_TURN = 32;
    private static final int FIRST_PART_FIELDS = Integer.BYTES;
    private static final int MAX_POSTED = 4096;
    private static final Posted HEARTBEAT = new Posted(RecordKind.HEARTBEAT, ByteBuffer.allocate(0));

    /** A small record that waits to be sent. */
    private record Posted(int kind, ByteBuffer fields) {}

    /** Takes what a link receives. */
    interface Receiver {
        /** A record has come from the peer; called before what it holds is handed on. */
        void heard(Link link);

        /** True if a message would be taken now. */
        boolean hasRoom();

        /** A record other than a part of a message or a sign of life. */
        void control(Link link, int kind, WireReader fields);

        /** A whole message of an epoch. */
        void message(Link link, long epoch, ByteBuffer bytes);

        /** A frame has been refused. */
        void refused(Link link, String why);
    }

    private final Introduction introduction;
    private final Aeron aeron;
    private final int mtu;
    private final Receiver receiver;
    private final Duration sendLimit;
    private final Subscription subscription;
    private final ControlledFragmentAssembler assembler;
    private final RecordOpener opener;
    private final MessageAssembler message;
    private final ByteBuffer opened = ByteBuffer.allocateDirect(RecordHeader.MAX_SEALED_BYTES);
    private final ReentrantLock sending = new ReentrantLock();
    private final RecordPublication publication;
    private final WireWriter part = new WireWriter(RecordHeader.MAX_SEALED_BYTES);
    private final ArrayBlockingQueue<Posted> posted = new ArrayBlockingQueue<>(MAX_POSTED);
    private long heardAt;
    private volatile boolean heard;
    private volatile @Nullable String failure;
    private int incomingStreams;
    private int lastOutgoingStream;

    Link(
            Introduction introduction,
            AeronDriver driver,
            InetAddress local,
            int localDataPort,
            EndpointOptions options,
            Receiver receiver,
            long now) {
        this.introduction = introduction;
        this.aeron = driver.client();
        this.receiver = receiver;
        this.sendLimit = options.sendLimit();
        this.mtu = options.mtuTo(introduction.door().getAddress());
        this.heardAt = now;
        this.message = new MessageAssembler(options.maxMessageBytes());
        boolean initiator = introduction.initiator();
        opener = new RecordOpener(introduction.keys().receiving(initiator), 0);
        assembler = new ControlledFragmentAssembler((buffer, offset, length, header) -> hear(buffer, offset, length));
        subscription = aeron.addSubscription(
                AeronUri.subscription(local, localDataPort, introduction.session()), AeronUri.STREAM);
        try {
            RecordSealer sealer = new RecordSealer(introduction.keys().sending(initiator), 0);
            publication = new RecordPublication(
                    aeron, introduction.data(), introduction.place().session(), mtu, TERM_BYTES, sealer);
        } catch (RuntimeException e) {
            subscription.close();
            throw e;
        }
    }

    String peer() {
        return introduction.peer();
    }

    Introduction introduction() {
        return introduction;
    }

    int mtu() {
        return mtu;
    }

    InetSocketAddress data() {
        return introduction.data();
    }

    /** Seals the records of a boundary channel to the peer. */
    RecordSealer sealer(int stream) {
        return new RecordSealer(introduction.keys().sending(introduction.initiator()), stream);
    }

    /** Opens the records of a boundary channel from the peer. */
    RecordOpener opener(int stream) {
        return new RecordOpener(introduction.keys().receiving(introduction.initiator()), stream);
    }

    /** The number of the next boundary channel from the peer; no two of a link have the same. */
    synchronized int nextIncomingStream() {
        return ++incomingStreams;
    }

    /** Takes the number of a boundary channel to the peer. */
    synchronized void outgoingStream(int stream) {
        if (stream <= lastOutgoingStream) {
            throw new MalformedFrameException("stream " + stream + " after stream " + lastOutgoingStream);
        }
        lastOutgoingStream = stream;
    }

    /** True when the peer has been heard, and the link has not failed. */
    boolean isOpen() {
        return heard && failure == null;
    }

    boolean hasFailed() {
        return failure != null;
    }

    /** Why it has failed. */
    String failure() {
        String why = failure;
        return why == null ? "it has not failed" : why;
    }

    /** Ends the link; only the first reason counts. The network thread cleans up. */
    void fail(String why) {
        if (failure == null) {
            failure = why;
        }
    }

    /** Ends the link for what has been thrown. */
    void fail(RuntimeException cause) {
        fail(String.valueOf(cause.getMessage()));
    }

    long silentNanos(long now) {
        return now - heardAt;
    }

    /** Forgets how long the peer has been silent: this side was not listening. */
    void excuse(long now) {
        heardAt = now;
    }

    /** True while the peer has a way to this side; for a good-bye. */
    boolean isConnected() {
        return publication.isConnected();
    }

    /** Receives; returns the work done. */
    int poll() {
        return subscription.controlledPoll(assembler, FRAGMENTS_A_TURN);
    }

    /** Gives a sign of life if the way is free. */
    void beat(long epoch) {
        tryPublish(HEARTBEAT, epoch);
    }

    /** Leaves a record to be sent in its turn when the way is free; does not wait. */
    void post(int kind, WireWriter fields) {
        if (!posted.offer(new Posted(kind, fields.written()))) {
            fail("it takes nothing");
        }
    }

    /** Sends what was posted, as far as the way is free; returns the records sent. The network thread's. */
    int flush(long epoch) {
        int sent = 0;
        for (Posted next = posted.peek(); next != null && tryPublish(next, epoch); next = posted.peek()) {
            posted.remove();
            sent++;
        }
        return sent;
    }

    /**
     * Sends a message in as many records as it needs.
     *
     * @throws PeerLostException if it is not taken within the send limit; the link has failed then
     */
    void message(long epoch, ByteBuffer bytes) {
        locked(() -> {
            int first = Math.min(bytes.remaining(), RecordHeader.MAX_SEALED_BYTES - FIRST_PART_FIELDS);
            part.clear();
            part.i32(bytes.remaining());
            part.raw(bytes.slice(bytes.position(), first));
            publish(RecordKind.MESSAGE_START, epoch, part.written());
            for (int at = first; at < bytes.remaining(); at += RecordHeader.MAX_SEALED_BYTES) {
                int length = Math.min(RecordHeader.MAX_SEALED_BYTES, bytes.remaining() - at);
                publish(RecordKind.MESSAGE_PART, epoch, bytes.slice(bytes.position() + at, length));
            }
        });
    }

    /** Waits for whoever is sending and gives everything back. Network thread, after {@link #fail}. */
    void close() {
        subscription.close();
        sending.lock();
        try {
            publication.close();
        } finally {
            sending.unlock();
        }
    }

    private boolean tryPublish(Posted record, long epoch) {
        if (failure != null || !sending.tryLock()) {
            return false;
        }
        try {
            return publication.publish(record.kind(), epoch, record.fields().duplicate(), () -> false);
        } catch (RecordPublication.PublicationBrokenException e) {
            fail(e);
            return false;
        } finally {
            sending.unlock();
        }
    }

    private void locked(Runnable sends) {
        sending.lock();
        try {
            sends.run();
        } catch (RecordPublication.PublicationBrokenException e) {
            fail(e);
            throw new PeerLostException(peer(), failure());
        } finally {
            sending.unlock();
        }
    }

    private void publish(int kind, long epoch, ByteBuffer plain) {
        long start = System.nanoTime();
        BooleanSupplier patient = () -> failure == null && System.nanoTime() - start < sendLimit.toNanos();
        if (failure != null || !publication.publish(kind, epoch, plain, patient)) {
            fail("it has taken nothing for " + sendLimit.toSeconds() + " s");
            throw new PeerLostException(peer(), failure());
        }
    }

    private Action hear(DirectBuffer buffer, int offset, int length) {
        if (failure != null) {
            return Action.BREAK;
        }
        ByteBuffer frame = AeronUri.view(buffer, offset, length);
        try {
            RecordHeader header = opener.expect(frame);
            if (isMessage(header.kind()) && !receiver.hasRoom()) {
                heardAt = System.nanoTime(); // it is we who keep the peer waiting
                return Action.ABORT;
            }
            opener.open(header, frame, opened.clear());
            heardAt = System.nanoTime();
            heard = true;
            receiver.heard(this);
            receive(header, opened.flip());
        } catch (MalformedFrameException e) {
            receiver.refused(this, String.valueOf(e.getMessage()));
        }
        return Action.CONTINUE;
    }

    private void receive(RecordHeader header, ByteBuffer bytes) {
        if (isMessage(header.kind())) {
            ByteBuffer whole = message.add(header, bytes);
            if (whole != null) {
                receiver.message(this, header.epoch(), whole);
            }
        } else if (header.kind() != RecordKind.HEARTBEAT) {
            receiver.control(this, header.kind(), new WireReader(bytes));
        }
    }

    private static boolean isMessage(int kind) {
        return kind == RecordKind.MESSAGE_START || kind == RecordKind.MESSAGE_PART;
    }
}
