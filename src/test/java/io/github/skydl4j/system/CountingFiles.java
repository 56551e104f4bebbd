package io.github.skydl4j.system;

import java.io.IOException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.hadoop.fs.FSDataInputStream;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RawLocalFileSystem;

/** Local files, and how many of those that hold batches this JVM has opened. */
public final class CountingFiles extends RawLocalFileSystem {
    private static final AtomicLong OPENED = new AtomicLong();

    /** Files that end in {@code .batch} and were opened by this JVM. */
    static long opened() {
        return OPENED.get();
    }

    @Override
    public FSDataInputStream open(Path path, int bufferSize) throws IOException {
        if (path.getName().endsWith(".batch")) {
            OPENED.incrementAndGet();
        }
        return super.open(path, bufferSize);
    }
}
