package io.github.skydl4j.transport;

import io.aeron.Aeron;
import io.aeron.ExclusivePublication;
import io.aeron.Publication;
import io.aeron.logbuffer.BufferClaim;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.function.BooleanSupplier;
import org.agrona.concurrent.IdleStrategy;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Publishes the sealed records of one stream. Where a record fits a datagram it is sealed straight into Aeron's buffer.
 *
 * <p>Confined to one thread at a time.
 */
final class RecordPublication implements AutoCloseable {
    /** For the frame headers and the padding of fragments. */
    private static final int FRAGMENT_SLACK = 4096;

    private final ExclusivePublication publication;
    private final RecordSealer sealer;
    private final BufferClaim claim = new BufferClaim();
    private final ByteBuffer scratch =
            ByteBuffer.allocateDirect(RecordSealer.frameBytes(RecordHeader.MAX_SEALED_BYTES));
    private final UnsafeBuffer scratchBuffer = new UnsafeBuffer(scratch);
    private final IdleStrategy idle = AeronDriver.idle();

    RecordPublication(Aeron aeron, InetSocketAddress to, int session, int mtu, int termBytes, RecordSealer sealer) {
        String channel = "aeron:udp?endpoint=" + AeronUri.host(to.getAddress()) + ":" + to.getPort() + "|session-id="
                + session + "|mtu=" + mtu + "|term-length=" + termBytes + "|linger=1s";
        this.publication = aeron.addExclusivePublication(channel, AeronUri.STREAM);
        this.sealer = sealer;
    }

    /**
     * Publishes a record, waiting for room while {@code patient} says so.
     *
     * @param plain what to seal; consumed if the record is taken
     * @return false if there was no room; the stream goes on
     * @throws PublicationBrokenException if nothing can be published any more
     */
    boolean publish(int kind, long epoch, ByteBuffer plain, BooleanSupplier patient) {
        int length = RecordSealer.frameBytes(plain.remaining());
        return length <= publication.maxPayloadLength()
                ? claim(kind, epoch, plain, length, patient)
                : offer(kind, epoch, plain, length, patient);
    }

    boolean isConnected() {
        return publication.isConnected();
    }

    @Override
    public void close() {
        publication.close();
    }

    private boolean claim(int kind, long epoch, ByteBuffer plain, int length, BooleanSupplier patient) {
        idle.reset();
        long result = publication.tryClaim(length, claim);
        while (result < 0) {
            check(result);
            if (!patient.getAsBoolean()) {
                return false;
            }
            idle.idle();
            result = publication.tryClaim(length, claim);
        }
        try {
            sealer.seal(kind, epoch, plain, AeronUri.view(claim.buffer(), claim.offset(), length));
            claim.commit();
            return true;
        } catch (RuntimeException e) {
            claim.abort();
            throw e;
        }
    }

    private boolean offer(int kind, long epoch, ByteBuffer plain, int length, BooleanSupplier patient) {
        idle.reset();
        while (publication.availableWindow() < length + length / 16 + FRAGMENT_SLACK) {
            check(publication.availableWindow());
            if (!patient.getAsBoolean()) {
                return false;
            }
            idle.idle();
        }
        scratch.clear();
        sealer.seal(kind, epoch, plain, scratch);
        long result = publication.offer(scratchBuffer, 0, length);
        // A sealed record must go, or the stream has a gap: there is room, so what may fail is a change of term
        // buffers.
        while (result < 0) {
            check(result);
            if (!patient.getAsBoolean()) {
                throw new PublicationBrokenException("a sealed record was not taken");
            }
            idle.idle();
            result = publication.offer(scratchBuffer, 0, length);
        }
        return true;
    }

    private static void check(long result) {
        if (result == Publication.CLOSED || result == Publication.MAX_POSITION_EXCEEDED) {
            throw new PublicationBrokenException("its publication is closed");
        }
    }

    /** The stream cannot go on. */
    static final class PublicationBrokenException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        PublicationBrokenException(String message) {
            super(message);
        }
    }
}
