package io.github.skydl4j.spark;

import java.io.IOException;
import java.util.UUID;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.deeplearning4j.spark.data.BatchAndExportMultiDataSetsFunction;
import org.deeplearning4j.spark.impl.paramavg.util.ExportSupport;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An RDD written to files, once for as long as the same RDD is trained on. Not thread-safe. */
final class ExportedData {
    private static final Logger LOG = LoggerFactory.getLogger(ExportedData.class);
    private static final int NONE = Integer.MIN_VALUE;

    private final MasterOptions options;
    private int rdd = NONE;
    private @Nullable String folder;

    ExportedData(MasterOptions options) {
        this.options = options;
    }

    /**
     * The paths of the files, written now if this RDD has not been seen before.
     *
     * @param id of the RDD that the caller was given, which stays the same between epochs
     */
    JavaRDD<String> of(JavaSparkContext sc, int id, JavaRDD<MultiDataSet> data) {
        if (id != rdd || folder == null) {
            delete(sc);
            export(sc, id, data);
        }
        return sc.textFile(folder + "/paths");
    }

    /** Deletes what was written; true if nothing is left. */
    boolean delete(JavaSparkContext sc) {
        String written = folder;
        folder = null;
        rdd = NONE;
        if (written == null) {
            return true;
        }
        try {
            Path path = new Path(written);
            FileSystem files = path.getFileSystem(sc.hadoopConfiguration());
            return !files.exists(path) || files.delete(path, true);
        } catch (IOException e) {
            LOG.warn("{} could not be deleted: {}", written, e.toString());
            return false;
        }
    }

    private void export(JavaSparkContext sc, int id, JavaRDD<MultiDataSet> data) {
        ExportSupport.assertExportSupported(sc);
        String base = options.exportDirectory() != null
                ? options.exportDirectory()
                : sc.hadoopConfiguration().get("hadoop.tmp.dir") + "/sky-dl4j";
        String target = new Path(base, UUID.randomUUID().toString()).toString();
        data.mapPartitionsWithIndex(
                        new BatchAndExportMultiDataSetsFunction(options.batchSize(), target + "/data/"), true)
                .saveAsTextFile(target + "/paths");
        folder = target;
        rdd = id;
        LOG.info("Exported the training data to {}", target);
    }
}
