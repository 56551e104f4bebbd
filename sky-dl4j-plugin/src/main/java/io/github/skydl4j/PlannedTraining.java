package io.github.skydl4j;

import io.github.skydl4j.cluster.ClusterEvent;
import io.github.skydl4j.cluster.MemoryUse;
import io.github.skydl4j.cluster.StoredBatch;
import io.github.skydl4j.graph.MicroBatch;
import io.github.skydl4j.pipeline.StepResult;
import io.github.skydl4j.plan.Allocation;
import io.github.skydl4j.plan.PlanRequest;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A planned network at work, in this JVM or on the workers of a cluster. Used by one thread. */
interface PlannedTraining extends AutoCloseable {
    PlanRequest request();

    /** The allocation in use; in a cluster another one after workers were lost or have joined. */
    Allocation allocation();

    /** Where the profile comes from, for people. */
    String profileOrigin();

    /** What a step should take. */
    long predictedNanos();

    /** Names of the workers, by their numbers in the allocation. */
    List<String> workerNames();

    /**
     * Does a step.
     *
     * @param step steps since the trainer was made, from 1
     * @param beforeUpdate called when the network's gradient is complete, where it is known here
     */
    StepResult step(long step, List<MicroBatch> batch, Runnable beforeUpdate);

    /**
     * Does a step on a batch that the workers read by themselves.
     *
     * @throws UnsupportedOperationException where there are none that can
     */
    default StepResult step(long step, StoredBatch batch) {
        throw new UnsupportedOperationException("the stages are in this JVM, which reads batches for them");
    }

    List<Map<String, INDArray>> infer(List<MicroBatch> batch);

    /** Whether the network's own parameters are trained, so that they are up to date at any time. */
    boolean trainsInPlace();

    /** Brings what has been learned back into the network, as far as it is not there. */
    void bringBack();

    /** The same after a failure, as far as it can be had. */
    void salvage();

    /** What the workers' processes hold; none where all of them are this one. */
    default List<MemoryUse> memory() {
        return List.of();
    }

    /** The losses of workers that were got over; none where all of them are this process. */
    default List<ClusterEvent.Recovered> recoveries() {
        return List.of();
    }

    /** The network counts the next epoch. */
    default void epochEnded() {}

    @Override
    void close();
}
