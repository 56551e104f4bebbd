package io.github.skydl4j.plan;

import java.util.Arrays;

/**
 * A price for every unit, all together 1: what covering it is worth. Under any prices a worker earns no more than its
 * best stage, so workers that cannot earn 1 together cannot cover the model. Immutable.
 */
final class Prices {

    private final double[] sums;

    Prices(double[] weights) {
        sums = new double[weights.length + 1];
        double total = 0;
        for (double weight : weights) {
            total += weight;
        }
        double sum = 0;
        for (int unit = 0; unit < weights.length; unit++) {
            sum += weights[unit];
            sums[unit + 1] = sum / total;
        }
    }

    /** Every unit priced at its reference time, or all alike if none takes any. */
    static Prices ofWork(CostModel costs) {
        double[] weights = new double[costs.units()];
        double total = 0;
        for (int unit = 0; unit < weights.length; unit++) {
            UnitProfile profile = costs.request().units().get(unit);
            weights[unit] = (double) profile.forwardNanos() + profile.backwardNanos();
            total += weights[unit];
        }
        if (total == 0) {
            Arrays.fill(weights, 1);
        }
        return new Prices(weights);
    }

    double of(int first, int end) {
        return sums[end] - sums[first];
    }

    double before(int end) {
        return sums[end];
    }

    int units() {
        return sums.length - 1;
    }
}
