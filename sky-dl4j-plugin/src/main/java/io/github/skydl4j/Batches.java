package io.github.skydl4j;

import org.nd4j.linalg.dataset.AsyncMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;

/** The batches of one epoch, fetched ahead on another thread where the iterator allows it. */
final class Batches implements AutoCloseable {
    private static final int FETCHED_AHEAD = 4;

    private final MultiDataSetIterator batches;
    private long waitedNanos;

    Batches(MultiDataSetIterator data) {
        this.batches = data.asyncSupported() ? new AsyncMultiDataSetIterator(data, FETCHED_AHEAD, false) : data;
    }

    boolean hasNext() {
        long start = System.nanoTime();
        boolean next = batches.hasNext();
        waitedNanos = System.nanoTime() - start;
        return next;
    }

    MultiDataSet next() {
        long start = System.nanoTime();
        MultiDataSet batch = batches.next();
        waitedNanos += System.nanoTime() - start;
        return batch;
    }

    /** How long the last batch was waited for. */
    long waitedMillis() {
        return waitedNanos / 1_000_000;
    }

    @Override
    public void close() {
        if (batches instanceof AsyncMultiDataSetIterator async) {
            async.shutdown();
        }
    }
}
