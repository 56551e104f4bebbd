package io.github.skydl4j.transport;

import io.aeron.driver.DataPacketDispatcher;
import io.aeron.driver.MediaDriver;
import io.aeron.driver.media.ReceiveChannelEndpoint;
import io.aeron.driver.media.UdpChannel;
import io.aeron.protocol.HeaderFlyweight;
import io.aeron.protocol.RttMeasurementFlyweight;
import io.aeron.protocol.SetupFlyweight;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.agrona.BitUtil;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.status.AtomicCounter;

/**
 * Aeron's receiving UDP port, with a guard in front: datagrams that do not belong to a session that was agreed upon at a
 * door, or ask for larger buffers than ours, are dropped before Aeron remembers anything about them. It can drop others, too,
 * to try how a run bears it.
 */
final class GuardedReceiver extends ReceiveChannelEndpoint {
    /** Largest term buffer that a peer may ask for; three of them are made. */
    static final int MAX_TERM_BYTES = 16 << 20;

    private static final int DATA_HEADER_BYTES = 32;
    private static final int SESSION_OFFSET = 12;
    private static final int RTT_SESSION_OFFSET = 8;
    private static final int TERM_LENGTH_OFFSET = 28;

    private final Sessions sessions;
    private final double loss;
    private final SplittableRandom random = new SplittableRandom();

    GuardedReceiver(
            UdpChannel channel,
            DataPacketDispatcher dispatcher,
            AtomicCounter status,
            MediaDriver.Context context,
            Sessions sessions,
            double loss) {
        super(channel, dispatcher, status, context);
        this.sessions = sessions;
        this.loss = loss;
    }

    @Override
    public boolean isValidFrame(UnsafeBuffer buffer, int length) {
        return super.isValidFrame(buffer, length)
                && isExpected(buffer, length)
                && (loss == 0 || random.nextDouble() >= loss);
    }

    private boolean isExpected(UnsafeBuffer buffer, int length) {
        return switch (type(buffer)) {
            case HeaderFlyweight.HDR_TYPE_DATA, HeaderFlyweight.HDR_TYPE_PAD ->
                length >= DATA_HEADER_BYTES && sessions.contains(int32(buffer, SESSION_OFFSET));
            case HeaderFlyweight.HDR_TYPE_SETUP ->
                length >= SetupFlyweight.HEADER_LENGTH
                        && sessions.contains(int32(buffer, SESSION_OFFSET))
                        && isTerm(int32(buffer, TERM_LENGTH_OFFSET));
            case HeaderFlyweight.HDR_TYPE_RTTM ->
                length >= RttMeasurementFlyweight.HEADER_LENGTH && sessions.contains(int32(buffer, RTT_SESSION_OFFSET));
            default -> false;
        };
    }

    private static int type(UnsafeBuffer buffer) {
        return buffer.getShort(HeaderFlyweight.TYPE_FIELD_OFFSET, ByteOrder.LITTLE_ENDIAN) & 0xffff;
    }

    private static boolean isTerm(int length) {
        return length > 0 && length <= MAX_TERM_BYTES && BitUtil.isPowerOfTwo(length);
    }

    private static int int32(UnsafeBuffer buffer, int offset) {
        return buffer.getInt(offset, ByteOrder.LITTLE_ENDIAN);
    }
}
