package io.github.skydl4j.samples;

import io.github.skydl4j.spark.SkyTrainingMaster;
import java.io.IOException;
import org.deeplearning4j.spark.api.TrainingMaster;

/** The pipeline of {@link SparkBefore} with one line changed: the executors train one network, each a stage of it. */
public final class SparkAfter {
    private SparkAfter() {}

    public static void main(String[] args) throws IOException {
        TrainingMaster<?, ?> master = new SkyTrainingMaster.Builder(3).build();
        SentimentOnSpark.train(args, master);
    }
}
