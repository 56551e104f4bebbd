package io.github.skydl4j.pipeline;

/**
 * What a stage did in one step.
 *
 * @param lossSum loss summed over examples, without regularization
 * @param penalty regularization term of the stage's parameters before the update
 * @param busyNanos time at work, the emulation's idling included
 * @param forwardNanos compute of one forward on the emulated worker, averaged over the micro-batches
 * @param backwardNanos compute of one backward likewise
 * @param transferNanos as in {@link StageStep}
 */
public record StageResult(
        double lossSum, double penalty, long busyNanos, long forwardNanos, long backwardNanos, long transferNanos) {
    /** Of a stage whose channels cannot tell what a transfer takes. */
    public StageResult(double lossSum, double penalty, long busyNanos, long forwardNanos, long backwardNanos) {
        this(lossSum, penalty, busyNanos, forwardNanos, backwardNanos, 0);
    }
}
