package io.github.skydl4j.plan;

/**
 * What an allocation promises, and what no allocation can beat. Immutable.
 *
 * @param bottleneckNanos the longest time that a stage or link is occupied by one micro-batch
 * @param bottleneckBoundNanos certified: no allocation has a smaller bottleneck
 * @param stepNanos the simulated step
 * @param boundNanos certified: no allocation and no schedule has a shorter step
 */
public record Prediction(long bottleneckNanos, long bottleneckBoundNanos, long stepNanos, long boundNanos) {

    /** How much longer than the bound the step is: 0.03 is 3 %, and the most that could still be gained. */
    public double gap() {
        return excess(stepNanos, boundNanos);
    }

    /** How far the bottleneck is above its own bound; 0 means proved optimal. */
    public double bottleneckGap() {
        return excess(bottleneckNanos, bottleneckBoundNanos);
    }

    private static double excess(long found, long bound) {
        return bound == 0 ? 0 : (double) (found - bound) / bound;
    }
}
