package io.github.skydl4j.plan;

/**
 * What share of its time a unit, and so a stage, spends forward: between the least and the most of any unit on any worker.
 * Immutable.
 */
record ForwardShares(double least, double most) {

    static ForwardShares of(CostModel costs) {
        double least = 1;
        double most = 0;
        for (int worker = 0; worker < costs.workers(); worker++) {
            if (costs.representative(worker) == worker) {
                for (int unit = 0; unit < costs.units(); unit++) {
                    double nanos = costs.compute(worker, unit, unit + 1);
                    if (nanos > 0) {
                        least = Math.min(least, costs.forward(worker, unit, unit + 1) / nanos);
                        most = Math.max(most, costs.forward(worker, unit, unit + 1) / nanos);
                    }
                }
            }
        }
        return new ForwardShares(Math.min(least, most), most);
    }

    /** The least that the longer of forward and backward can be of the time of a stage. */
    double ofLonger() {
        return Math.max(0.5, Math.max(least, 1 - most));
    }

    /**
     * The most that f / p + b / q can be of t / x, for a stage of time t = f + b, and one of time x = p + q: 2 where all
     * shares are equal.
     */
    double contrast() {
        double contrast = 0;
        for (double own : new double[] {least, most}) {
            for (double other : new double[] {least, most}) {
                contrast = Math.max(contrast, ratio(own, other) + ratio(1 - own, 1 - other));
            }
        }
        return contrast;
    }

    private static double ratio(double own, double other) {
        return own == 0 ? 0 : own / other;
    }
}
