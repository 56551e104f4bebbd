package io.github.skydl4j.cluster;

import io.github.skydl4j.pipeline.StageResult;
import io.github.skydl4j.transport.Message;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What a worker tells its coordinator. */
sealed interface Report extends Message {
    /** The answer to {@link Order.Welcome}. */
    record Hello(WorkerTraits traits) implements Report {}

    /** The answer to {@link Order.Echo}. */
    record Echoed(int id) implements Report {}

    /**
     * The answer to {@link Order.ReadClock}.
     *
     * @param sentNanos as the coordinator's clock showed it
     * @param receivedNanos by the clock here
     * @param answeredNanos by the clock here
     */
    record Clock(long sentNanos, long receivedNanos, long answeredNanos) implements Report {}

    /**
     * The answer to {@link Order.Measure}.
     *
     * @param nanos CPU time of one pass, median, the emulated slowdown included
     * @param memoryBytes what the process has in use without a stage
     */
    record Measured(long nanos, long memoryBytes) implements Report {}

    /** The stage of old is gone. */
    record Regrouped(long epoch) implements Report {}

    /** The stage stands and waits for its state. */
    record Built() implements Report {}

    /** The stage has its state, and this much memory is in use. */
    record Ready(long memoryBytes) implements Report {}

    /**
     * A batch is read.
     *
     * @param rows its examples
     * @param masked whether it has feature masks
     */
    record Fetched(long step, int rows, boolean masked) implements Report {}

    /** All forwards and backwards of a step are done. */
    record Trained(long step, StageResult result) implements Report {}

    /**
     * The updater's step is done.
     *
     * @param done what the stage did in the step, by the worker's clock; empty where nobody observes it
     */
    record Updated(long step, long busyNanos, long memoryBytes, StageDiary done) implements Report {}

    /** Network outputs of this stage for one micro-batch. */
    record Output(long step, int microBatch, Map<String, INDArray> arrays) implements Report {
        public Output {
            arrays = Map.copyOf(arrays);
        }
    }

    /** The inference of a step is done. */
    record Inferred(long step) implements Report {}

    /**
     * The stage has failed.
     *
     * @param epoch of the run in which it did
     * @param consequence whether somebody else's failure was the cause: a channel was closed, a peer is lost
     */
    record Broken(long epoch, int stage, String text, boolean consequence) implements Report {}

    /** The worker would like to go, as soon as its stage is somewhere else. */
    record Leaving() implements Report {}
}
