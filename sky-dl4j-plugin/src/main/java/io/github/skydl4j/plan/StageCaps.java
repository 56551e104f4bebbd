package io.github.skydl4j.plan;

/**
 * How long a stage can be whose head is known, the time of the stages and links before it, in plans of a given step whose
 * longest stage is in a range and whose pass takes a given time or more ({@link StepFloor} says why). Up to the head at
 * which the longest stage must have been the cap is that stage; from there on it is tabulated, each cell with the
 * largest cap in it, so that it never rises and falls no faster than the head grows. Immutable.
 */
final class StageCaps {

    /** How finely {@link #at} is tabulated for large problems. */
    static final int FINE = 400;

    private final double step;
    private final double microBatches;
    private final double low;
    private final double high;
    private final double pass;
    private final double contrast;
    private final double first;
    private final double width;
    private final int cells;
    private final double[] caps;

    StageCaps(double step, int microBatches, double low, double high, double pass, double contrast, int cells) {
        this.cells = cells;
        this.caps = new double[cells + 1];
        this.step = step;
        this.microBatches = microBatches;
        this.low = low;
        this.high = high;
        this.pass = pass;
        this.contrast = contrast;
        this.first = Math.max(0, step - microBatches * low);
        this.width = (step - first) / cells;
        for (int cell = 0; cell < cells; cell++) {
            double cap = Math.min(high, Math.max(mixed(cell), apart(cell)));
            caps[cell] = Math.max(caps[cell], cap);
            caps[cell + 1] = cap;
        }
        caps[0] = high;
        for (int cell = cells - 1; cell > 0; cell--) {
            caps[cell] = Math.max(caps[cell], caps[cell + 1]);
        }
        for (int cell = 1; cell <= cells; cell++) {
            caps[cell] = Math.max(caps[cell], caps[cell - 1] - width);
        }
    }

    /** The longest that a stage behind this head can be; 0 or less if there can be none. */
    double at(double head) {
        double own = Math.min(high, (step - head) / microBatches);
        if (head <= first || width <= 0) {
            return own;
        }
        double place = (head - first) / width;
        int cell = (int) Math.min(cells - 1, place);
        return Math.min(own, caps[cell] + (caps[cell + 1] - caps[cell]) * Math.min(1, place - cell));
    }

    /** The larger solution t of m t + (2 - contrast t / low) (behind - t) = time, or what needs no idling; -1 if there is none. */
    private double mixed(int cell) {
        double time = step - first - cell * width;
        double behind = pass - first - (cell + 1) * width;
        double plain = time / microBatches;
        if (plain >= Math.min(2 * low / contrast, behind)) {
            return plain;
        }
        double square = contrast / low;
        double linear = microBatches - 2 - square * behind;
        double root = linear * linear - 4 * square * (2 * behind - time);
        return root < 0 ? -1 : (Math.sqrt(root) - linear) / (2 * square);
    }

    /** Where all forwards precede all backwards. */
    private double apart(int cell) {
        return step - first - cell * width - (microBatches - 1) * low;
    }
}
