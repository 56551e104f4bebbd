package io.github.skydl4j.spark;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import org.deeplearning4j.core.loader.DataSetLoader;
import org.deeplearning4j.core.loader.MultiDataSetLoader;
import org.nd4j.common.loader.Source;
import org.nd4j.linalg.dataset.api.MultiDataSet;

/** Batches loaded from files, one by one, in the order of their paths. */
final class PathBatches implements Iterator<MultiDataSet> {
    /** Reads one file. */
    @FunctionalInterface
    interface Loader extends Serializable {
        MultiDataSet load(Source source) throws IOException;
    }

    private final Iterator<String> paths;
    private final FileBatches files;

    PathBatches(Iterator<String> paths, FileBatches files) {
        this.paths = paths;
        this.files = files;
    }

    static Loader ofSingle(DataSetLoader loader) {
        return source -> loader.load(source).toMultiDataSet();
    }

    static Loader of(MultiDataSetLoader loader) {
        return loader::load;
    }

    @Override
    public boolean hasNext() {
        return paths.hasNext();
    }

    @Override
    public MultiDataSet next() {
        String path = paths.next();
        try {
            return files.read(path);
        } catch (IOException e) {
            throw new UncheckedIOException("training data at " + path + " could not be read", e);
        }
    }
}
