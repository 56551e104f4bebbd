package io.github.skydl4j.plan;

import java.util.ArrayList;
import java.util.List;

/**
 * The best weights with respect to the paths that a {@link StepRelaxation} has found so far: a linear program whose
 * unknowns are the step T and a share y for each path, all together 1,
 *
 * <pre>
 *   minimise T + limit * sum(excess)
 *   for each class:              sum of y * uses  -  excess  &lt;=  size
 *   for pass and thresholds:     sum of y * time  +  constant  &lt;=  T
 * </pre>
 *
 * solved by the primal simplex method with a dense inverse; its dual values are the rents and weights. Times are given
 * in units of about a step. Confined to one thread.
 */
final class StepMaster {

    private static final double ZERO = 1e-9;
    private static final int MOST_PIVOTS = 400;
    private static final int PIVOTS_PER_INVERSION = 60;

    private final int classes;
    private final int rows;
    private final double[] right;
    private final List<double[]> columns = new ArrayList<>();
    private final List<Double> prices = new ArrayList<>();
    private final int[] basis;
    private double[][] inverse;
    private double[] values;
    private int pivots;

    /** One path as the relaxation sees it: how often it uses each class, and its time for pass and each threshold. */
    record Path(List<Double> uses, List<Double> times) {
        Path {
            uses = List.copyOf(uses);
            times = List.copyOf(times);
        }
    }

    StepMaster(double[] sizes, double[] constants, double limit, Path first) {
        classes = sizes.length;
        rows = 1 + classes + constants.length;
        right = new double[rows];
        right[0] = 1;
        System.arraycopy(sizes, 0, right, 1, classes);
        System.arraycopy(constants, 0, right, 1 + classes, constants.length);
        basis = new int[rows];
        int step = column(1);
        int tightest = tightest(first, constants);
        for (int row = 1 + classes; row < rows; row++) {
            columns.get(step)[row] = 1;
            int surplus = column(0);
            columns.get(surplus)[row] = -1;
            basis[row] = row == tightest ? step : surplus;
        }
        for (int c = 0; c < classes; c++) {
            int spare = column(0);
            columns.get(spare)[1 + c] = 1;
            int excess = column(limit);
            columns.get(excess)[1 + c] = -1;
            basis[1 + c] = first.uses.get(c) > sizes[c] ? excess : spare;
        }
        basis[0] = columns.size();
        add(first);
        inverse = inverted();
        values = product(inverse, right);
    }

    int rows() {
        return rows;
    }

    private int tightest(Path first, double[] constants) {
        int tightest = 0;
        for (int k = 1; k < constants.length; k++) {
            if (first.times.get(k) + constants[k] > first.times.get(tightest) + constants[tightest]) {
                tightest = k;
            }
        }
        return 1 + classes + tightest;
    }

    void add(Path path) {
        double[] column = columns.get(column(0));
        column[0] = 1;
        for (int c = 0; c < classes; c++) {
            column[1 + c] = path.uses.get(c);
        }
        for (int k = 0; k < path.times.size(); k++) {
            column[1 + classes + k] = -path.times.get(k);
        }
    }

    private int column(double price) {
        columns.add(new double[rows]);
        prices.add(price);
        return columns.size() - 1;
    }

    /** Solves for the paths so far; rents and weights in the units of the times. */
    StepWeights solve() {
        double[] duals = duals();
        for (int i = 0; i < MOST_PIVOTS; i++) {
            int entering = entering(duals);
            if (entering < 0 || !pivot(entering)) {
                break;
            }
            duals = duals();
        }
        double[] rents = new double[classes];
        for (int c = 0; c < classes; c++) {
            rents[c] = Math.max(0, -duals[1 + c]);
        }
        double[] weights = new double[rows - 1 - classes];
        double total = 0;
        for (int k = 0; k < weights.length; k++) {
            weights[k] = Math.max(0, duals[1 + classes + k]);
            total += weights[k];
        }
        for (int k = 0; k < weights.length; k++) {
            weights[k] /= total;
        }
        return new StepWeights(rents, weights);
    }

    /** The least T plus what excess costs: no weights prove more with these paths. */
    double value() {
        double value = 0;
        for (int row = 0; row < rows; row++) {
            value += prices.get(basis[row]) * values[row];
        }
        return value;
    }

    private double[] duals() {
        double[] duals = new double[rows];
        for (int row = 0; row < rows; row++) {
            double price = prices.get(basis[row]);
            for (int j = 0; price != 0 && j < rows; j++) {
                duals[j] += price * inverse[row][j];
            }
        }
        return duals;
    }

    private int entering(double[] duals) {
        int best = -1;
        double least = -ZERO;
        for (int column = 0; column < columns.size(); column++) {
            double reduced = prices.get(column) - dot(duals, columns.get(column));
            if (reduced < least) {
                least = reduced;
                best = column;
            }
        }
        return best;
    }

    private boolean pivot(int entering) {
        double[] direction = product(inverse, columns.get(entering));
        int leaving = -1;
        double ratio = Double.MAX_VALUE;
        for (int row = 0; row < rows; row++) {
            if (direction[row] > ZERO) {
                double next = Math.max(0, values[row]) / direction[row];
                if (next < ratio - ZERO || (next <= ratio && direction[row] > direction[leaving])) {
                    ratio = next;
                    leaving = row;
                }
            }
        }
        if (leaving < 0) {
            return false;
        }
        basis[leaving] = entering;
        if (++pivots % PIVOTS_PER_INVERSION == 0) {
            inverse = inverted();
        } else {
            eliminate(inverse, direction, leaving);
        }
        values = product(inverse, right);
        return true;
    }

    private static void eliminate(double[][] matrix, double[] direction, int pivot) {
        double[] pivotRow = matrix[pivot];
        for (int j = 0; j < pivotRow.length; j++) {
            pivotRow[j] /= direction[pivot];
        }
        for (int row = 0; row < matrix.length; row++) {
            if (row != pivot && direction[row] != 0) {
                for (int j = 0; j < pivotRow.length; j++) {
                    matrix[row][j] -= direction[row] * pivotRow[j];
                }
            }
        }
    }

    /** The inverse of the basis by elimination: column after column takes the row where it is largest. */
    private double[][] inverted() {
        double[][] result = new double[rows][rows];
        for (int row = 0; row < rows; row++) {
            result[row][row] = 1;
        }
        int[] members = basis.clone();
        boolean[] done = new boolean[rows];
        for (int member : members) {
            double[] direction = product(result, columns.get(member));
            int largest = -1;
            for (int row = 0; row < rows; row++) {
                if (!done[row] && (largest < 0 || Math.abs(direction[row]) > Math.abs(direction[largest]))) {
                    largest = row;
                }
            }
            done[largest] = true;
            basis[largest] = member;
            eliminate(result, direction, largest);
        }
        return result;
    }

    private static double[] product(double[][] matrix, double[] vector) {
        double[] product = new double[matrix.length];
        for (int row = 0; row < matrix.length; row++) {
            product[row] = dot(matrix[row], vector);
        }
        return product;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }
}
