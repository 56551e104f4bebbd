package io.github.skydl4j.transport;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Frames that nobody means well with: noise, and good frames with some changes. The same seed gives the same frames. */
final class HostileFrames {
    private static final int MAX_NOISE = 300;
    private static final long[] EXTREMES = {-1, 0, 1, 255, 65_535, Integer.MAX_VALUE, Integer.MIN_VALUE, Long.MAX_VALUE
    };

    private final SplittableRandom random;

    HostileFrames(long seed) {
        random = new SplittableRandom(seed);
    }

    /** A frame: one in eight is noise. */
    byte[] next(List<byte[]> samples) {
        if (random.nextInt(8) == 0) {
            return noise(random.nextInt(MAX_NOISE));
        }
        byte[] frame = samples.get(random.nextInt(samples.size())).clone();
        for (int changes = 1 + random.nextInt(4); changes > 0; changes--) {
            frame = change(frame);
        }
        return frame;
    }

    /** A frame that begins well and goes on with noise. */
    byte[] next(byte[] beginning) {
        byte[] frame = Arrays.copyOf(beginning, beginning.length + random.nextInt(MAX_NOISE));
        for (int at = beginning.length; at + Long.BYTES <= frame.length; at += 1 + random.nextInt(Long.BYTES)) {
            write(frame, at);
        }
        return frame;
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] change(byte[] frame) {
        if (frame.length < Long.BYTES) {
            return noise(MAX_NOISE);
        }
        int at = random.nextInt(frame.length - Long.BYTES + 1);
        switch (random.nextInt(6)) {
            case 0 -> frame[at] ^= (byte) (1 << random.nextInt(8));
            case 1 -> frame[at] = (byte) random.nextInt();
            case 2, 3 -> write(frame, at);
            case 4 -> {
                return Arrays.copyOf(frame, at);
            }
            default -> {
                return Arrays.copyOf(frame, frame.length + random.nextInt(MAX_NOISE));
            }
        }
        return frame;
    }

    /** A number that a length, a count or a dimension might be. */
    private void write(byte[] frame, int at) {
        long value = random.nextBoolean() ? EXTREMES[random.nextInt(EXTREMES.length)] : random.nextInt(64);
        ByteBuffer.wrap(frame).order(ByteOrder.LITTLE_ENDIAN).putLong(at, value);
    }
}
