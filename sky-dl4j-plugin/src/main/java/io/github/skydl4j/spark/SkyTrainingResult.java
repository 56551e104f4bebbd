package io.github.skydl4j.spark;

import org.deeplearning4j.spark.api.TrainingResult;

/** Stands where DL4J wants a type for what a worker sends back; stages send gradients to each other instead. */
public interface SkyTrainingResult extends TrainingResult {}
