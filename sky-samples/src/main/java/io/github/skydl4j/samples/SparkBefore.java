package io.github.skydl4j.samples;

import java.io.IOException;
import org.deeplearning4j.spark.api.TrainingMaster;
import org.deeplearning4j.spark.impl.paramavg.ParameterAveragingTrainingMaster;

/** A pipeline of DL4J on Spark as it is: every executor trains a copy of the network. {@link SparkAfter} changes one line. */
public final class SparkBefore {
    private SparkBefore() {}

    public static void main(String[] args) throws IOException {
        TrainingMaster<?, ?> master = new ParameterAveragingTrainingMaster.Builder(SentimentOnSpark.BATCH).build();
        SentimentOnSpark.train(args, master);
    }
}
