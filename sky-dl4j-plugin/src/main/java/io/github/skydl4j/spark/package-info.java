/**
 * Sky-DL4J behind Deeplearning4j's Spark facade: a {@link io.github.skydl4j.spark.SkyTrainingMaster} in place of
 * parameter averaging trains one network in stages instead of copies of it. The only package that knows Spark.
 */
@NullMarked
package io.github.skydl4j.spark;

import org.jspecify.annotations.NullMarked;
