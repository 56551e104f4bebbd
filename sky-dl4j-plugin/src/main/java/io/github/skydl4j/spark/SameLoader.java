package io.github.skydl4j.spark;

import java.nio.ByteBuffer;
import org.apache.spark.SparkEnv;
import org.apache.spark.serializer.SerializerInstance;
import scala.reflect.ClassTag$;

/** Compares loaders, of which a new one is made for each call, by what Spark would send of them. */
final class SameLoader {
    private SameLoader() {}

    static boolean test(PathBatches.Loader one, PathBatches.Loader other) {
        SerializerInstance serializer = SparkEnv.get().closureSerializer().newInstance();
        return bytes(serializer, one).equals(bytes(serializer, other));
    }

    private static ByteBuffer bytes(SerializerInstance serializer, PathBatches.Loader loader) {
        return serializer.serialize(loader, ClassTag$.MODULE$.apply(PathBatches.Loader.class));
    }
}
