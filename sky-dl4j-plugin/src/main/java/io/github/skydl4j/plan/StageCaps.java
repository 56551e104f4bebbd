package io.github.skydl4j.plan;

/**
 * How long a stage can be whose head is known, the time of the stages and links before it, in plans of a given step whose
 * longest stage is in a range and whose pass takes a given time or more ({@link StepFloor} says why). From the head at which
 * the longest stage must have been, or where there are links from the first one on, {@link Idling} counts; there it is tabulated,
 * each cell with the largest cap in it, so that it never rises and falls no faster than the head grows by a stage and its link.
 * Immutable.
 */
final class StageCaps {

    /** How finely {@link #at} is tabulated for large problems. */
    static final int FINE = 400;

    private final double step;
    private final double microBatches;
    private final double high;
    private final double first;
    private final double width;
    private final int cells;
    private final double[] caps;

    StageCaps(double step, int microBatches, double low, double high, double pass, Idling idling, int cells) {
        this.cells = cells;
        this.caps = new double[cells + 1];
        this.step = step;
        this.microBatches = microBatches;
        this.high = high;
        double behindLongest = Math.max(0, step - microBatches * low);
        this.first = idling.hasLinks() ? 0 : behindLongest;
        this.width = (step - first) / cells;
        for (int cell = 0; cell < cells; cell++) {
            double head = first + cell * width;
            double time = step - head;
            double with = pass - head - width;
            double ofLongest = head < behindLongest ? high : idling.longestBehindLongest(time, with, low);
            double cap = Math.min(high, Math.min(ofLongest, idling.longestBehindLink(time, with)));
            caps[cell] = Math.max(caps[cell], cap);
            caps[cell + 1] = cap;
        }
        if (!idling.hasLinks()) {
            caps[0] = high;
        }
        for (int cell = cells - 1; cell >= 0; cell--) {
            caps[cell] = Math.max(caps[cell], caps[cell + 1]);
        }
        double fall = width / idling.withLink(step);
        for (int cell = 1; cell <= cells; cell++) {
            caps[cell] = Math.max(caps[cell], caps[cell - 1] - fall);
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
}
