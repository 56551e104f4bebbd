package io.github.skydl4j.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Batches that a worker reads on a thread of its own: the one that is wanted, and the one after it. Used by one thread. */
final class FetchedBatches implements AutoCloseable {
    private record Ahead(String path, CompletableFuture<MultiDataSet> batch) {}

    private final BatchReader reader;
    private final ExecutorService thread = Executors.newSingleThreadExecutor(work -> {
        Thread made = new Thread(work, "sky-fetch");
        made.setDaemon(true);
        return made;
    });
    private @Nullable Ahead ahead;

    FetchedBatches(BatchReader reader) {
        this.reader = reader;
    }

    /** The batch, and a start with the one after it. */
    CompletableFuture<MultiDataSet> fetch(StoredBatch stored) {
        Ahead begun = ahead;
        CompletableFuture<MultiDataSet> wanted =
                begun != null && begun.path().equals(stored.path()) ? begun.batch() : start(stored.path());
        ahead = stored.next().isEmpty() ? null : new Ahead(stored.next(), start(stored.next()));
        return wanted;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private CompletableFuture<MultiDataSet> start(String path) {
        return CompletableFuture.supplyAsync(() -> read(path), thread);
    }

    private MultiDataSet read(String path) {
        try {
            return reader.read(path);
        } catch (IOException e) {
            throw new UncheckedIOException("the batch at " + path + " could not be read: " + e.getMessage(), e);
        }
    }
}
