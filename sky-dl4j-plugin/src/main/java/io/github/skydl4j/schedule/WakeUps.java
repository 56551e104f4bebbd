package io.github.skydl4j.schedule;

import java.util.Arrays;

/** A binary heap of (time, stage), earliest first, lower stage first where times are equal. Confined to one thread. */
final class WakeUps {

    private long[] nanos = new long[64];
    private int[] stages = new int[64];
    private int size;

    boolean isEmpty() {
        return size == 0;
    }

    long firstNanos() {
        return nanos[0];
    }

    void add(long time, int stage) {
        if (size == nanos.length) {
            nanos = Arrays.copyOf(nanos, 2 * size);
            stages = Arrays.copyOf(stages, 2 * size);
        }
        nanos[size] = time;
        stages[size] = stage;
        siftUp(size++);
    }

    int removeFirst() {
        int first = stages[0];
        size--;
        swap(0, size);
        siftDown(0);
        return first;
    }

    private void siftUp(int from) {
        for (int i = from; i > 0 && before(i, (i - 1) / 2); i = (i - 1) / 2) {
            swap(i, (i - 1) / 2);
        }
    }

    private void siftDown(int from) {
        int i = from;
        int child = 2 * i + 1;
        while (child < size) {
            if (child + 1 < size && before(child + 1, child)) {
                child++;
            }
            if (!before(child, i)) {
                return;
            }
            swap(i, child);
            i = child;
            child = 2 * i + 1;
        }
    }

    private boolean before(int a, int b) {
        return nanos[a] != nanos[b] ? nanos[a] < nanos[b] : stages[a] < stages[b];
    }

    private void swap(int a, int b) {
        long time = nanos[a];
        nanos[a] = nanos[b];
        nanos[b] = time;
        int stage = stages[a];
        stages[a] = stages[b];
        stages[b] = stage;
    }
}
