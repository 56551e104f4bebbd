package io.github.skydl4j.cluster;

import java.io.IOException;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Reads batches from storage that all members of a run can reach. Called by one thread at a time. */
@FunctionalInterface
public interface BatchReader {
    /**
     * Reads one batch.
     *
     * @param path of a file that holds it, as whoever trains has named it
     */
    MultiDataSet read(String path) throws IOException;

    /** For workers that get their data from the coordinator alone. */
    static BatchReader none() {
        return path -> {
            throw new IOException("this worker cannot read " + path + ": it was started without a reader of batches");
        };
    }
}
