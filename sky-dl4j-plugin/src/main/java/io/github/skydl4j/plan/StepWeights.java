package io.github.skydl4j.plan;

import java.util.Arrays;

/**
 * The multipliers of a {@link StepRelaxation}: a rent for a worker of each class, at least 0, and what the pass and each
 * threshold weigh, together 1. Any prove a bound; good ones prove a good one. Immutable.
 */
final class StepWeights {

    private final double[] rents;
    private final double[] weights;

    StepWeights(double[] rents, double[] weights) {
        this.rents = rents.clone();
        this.weights = weights.clone();
    }

    /** No rents, all of the weight on the pass. */
    static StepWeights ofPass(int classes, int thresholds) {
        double[] weights = new double[1 + thresholds];
        weights[0] = 1;
        return new StepWeights(new double[classes], weights);
    }

    double rent(int workerClass) {
        return rents[workerClass];
    }

    double pass() {
        return weights[0];
    }

    /** The weight of a threshold, numbered from 1. */
    double threshold(int number) {
        return weights[number];
    }

    /** So much of the way from these weights to others. */
    StepWeights towards(StepWeights other, double share) {
        return new StepWeights(mixed(rents, other.rents, share), mixed(weights, other.weights, share));
    }

    /** With rents in another unit. */
    StepWeights times(double factor) {
        return new StepWeights(Arrays.stream(rents).map(rent -> rent * factor).toArray(), weights);
    }

    private static double[] mixed(double[] from, double[] to, double share) {
        double[] mixed = new double[from.length];
        Arrays.setAll(mixed, i -> (1 - share) * from[i] + share * to[i]);
        return mixed;
    }
}
