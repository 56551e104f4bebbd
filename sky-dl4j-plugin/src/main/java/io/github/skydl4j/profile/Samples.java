package io.github.skydl4j.profile;

import java.util.Arrays;

/** A growing list of measurements in nanoseconds. Confined to one thread. */
final class Samples {
    private long[] values = new long[32];
    private int size;

    void add(long nanos) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = nanos;
    }

    void addToLast(long nanos) {
        values[size - 1] += nanos;
    }

    /** The middle value, the upper of two; 0 without measurements. */
    long median() {
        long[] sorted = Arrays.copyOf(values, size);
        Arrays.sort(sorted);
        return size == 0 ? 0 : sorted[size / 2];
    }

    void clear() {
        size = 0;
    }
}
