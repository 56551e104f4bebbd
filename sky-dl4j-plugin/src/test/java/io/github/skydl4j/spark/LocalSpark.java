package io.github.skydl4j.spark;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/** A Spark of four threads in this JVM, with Kryo, for one test class. */
final class LocalSpark implements AutoCloseable {
    private final JavaSparkContext context;

    private LocalSpark(JavaSparkContext context) {
        this.context = context;
    }

    static LocalSpark start(Path temp) {
        SparkConf configuration = new SparkConf()
                .setMaster("local[4]")
                .setAppName("sky")
                .set("spark.ui.enabled", "false")
                .set("spark.driver.host", "127.0.0.1")
                .set("spark.driver.bindAddress", "127.0.0.1")
                .set("spark.local.dir", temp.toString())
                .set("spark.hadoop.hadoop.tmp.dir", temp.resolve("hadoop").toString())
                .set("spark.serializer", "org.apache.spark.serializer.KryoSerializer")
                .set("spark.kryo.registrator", "org.nd4j.kryo.Nd4jRegistrator");
        return new LocalSpark(new JavaSparkContext(configuration));
    }

    JavaSparkContext context() {
        return context;
    }

    JavaRDD<DataSet> parallelize(List<DataSet> data, int partitions) {
        return context.parallelize(data, partitions);
    }

    static List<DataSet> list(DataSetIterator data) {
        List<DataSet> list = new ArrayList<>();
        data.forEachRemaining(list::add);
        return list;
    }

    @Override
    public void close() {
        context.close();
    }
}
