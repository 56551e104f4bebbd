package io.github.skydl4j.profile;

import java.util.List;

/**
 * How times grow from one circumstance to another: {@code later = factor x earlier + constant}. Immutable.
 *
 * @param factor at least 1
 * @param constant nanoseconds, at least 0
 */
record Growth(double factor, double constant) {

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
        double factor = spread > 1e-9 * ones * xx ? (ones * xy - x * y) / spread : 1;
        double constant = ones > 0 ? (y - factor * x) / ones : 0;
        if (factor < 1) {
            return new Growth(1, ones > 0 ? Math.max(0, (y - x) / ones) : 0);
        }
        return constant < 0 ? new Growth(Math.max(1, xy / xx), 0) : new Growth(factor, constant);
    }
}
