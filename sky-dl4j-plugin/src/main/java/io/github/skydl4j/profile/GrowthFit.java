package io.github.skydl4j.profile;

import io.github.skydl4j.plan.Growth;
import java.util.List;

/** Finds the growth that leads from times measured in one circumstance to those in another. */
final class GrowthFit {
    /** A smaller one is noise: then the constant is nearly all. */
    private static final double LEAST_FACTOR = 0.1;

    private GrowthFit() {}

    /** The growth with the least squares of relative errors; times of 0 are left out. */
    static Growth between(List<Double> earlier, List<Double> later) {
        double ones = 0;
        double x = 0;
        double xx = 0;
        double y = 0;
        double xy = 0;
        for (int i = 0; i < earlier.size(); i++) {
            if (later.get(i) > 0) {
                double weight = 1 / (later.get(i) * later.get(i));
                ones += weight;
                x += weight * earlier.get(i);
                xx += weight * earlier.get(i) * earlier.get(i);
                y += weight * later.get(i);
                xy += weight * earlier.get(i) * later.get(i);
            }
        }
        double spread = ones * xx - x * x;
        double factor = spread > 1e-9 * ones * xx ? (ones * xy - x * y) / spread : x > 0 ? Math.min(1, y / x) : 1;
        double constant = ones > 0 ? (y - factor * x) / ones : 0;
        if (factor < LEAST_FACTOR) {
            factor = LEAST_FACTOR;
            constant = Math.max(0, (y - LEAST_FACTOR * x) / ones);
        } else if (constant < 0) {
            factor = Math.max(LEAST_FACTOR, xy / xx);
            constant = 0;
        }
        return new Growth(factor, Math.round(constant));
    }
}
