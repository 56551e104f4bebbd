package io.github.skydl4j.spark;

import io.github.skydl4j.cluster.BatchReader;
import java.io.IOException;
import java.io.Serializable;
import org.nd4j.common.loader.SourceFactory;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Reads batches from the files that Spark can reach, on the driver and on executors alike. */
final class FileBatches implements BatchReader, Serializable {
    private static final long serialVersionUID = 1L;

    private final SourceFactory sources;
    private final PathBatches.Loader loader;

    FileBatches(SourceFactory sources, PathBatches.Loader loader) {
        this.sources = sources;
        this.loader = loader;
    }

    PathBatches.Loader loader() {
        return loader;
    }

    @Override
    public MultiDataSet read(String path) throws IOException {
        return loader.load(sources.getSource(path));
    }
}
