package io.github.skydl4j.spark;

import java.util.Iterator;
import java.util.function.LongConsumer;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Batches, with the time that was waited for each told to a listener, in nanoseconds. */
final class Timed implements Iterator<MultiDataSet> {
    private final Iterator<MultiDataSet> batches;
    private final LongConsumer waited;
    private long nanos;

    Timed(Iterator<MultiDataSet> batches, LongConsumer waited) {
        this.batches = batches;
        this.waited = waited;
    }

    @Override
    public boolean hasNext() {
        long start = System.nanoTime();
        boolean next = batches.hasNext();
        nanos += System.nanoTime() - start;
        return next;
    }

    @Override
    public MultiDataSet next() {
        long start = System.nanoTime();
        MultiDataSet batch = batches.next();
        waited.accept(nanos + System.nanoTime() - start);
        nanos = 0;
        return batch;
    }
}
