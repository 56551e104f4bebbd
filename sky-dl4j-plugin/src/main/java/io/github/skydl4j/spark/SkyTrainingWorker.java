package io.github.skydl4j.spark;

import org.deeplearning4j.spark.api.TrainingWorker;

/**
 * Stands where DL4J wants a type for a worker that trains a copy of the network. There is none: a worker of Sky hosts a
 * stage, and {@link SkyTrainingMaster#getWorkerInstance} says so.
 */
public interface SkyTrainingWorker extends TrainingWorker<SkyTrainingResult> {}
