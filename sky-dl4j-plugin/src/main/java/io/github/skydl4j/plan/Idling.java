package io.github.skydl4j.plan;

/**
 * How long a stage idles at least that has a longer stage, or a link, in front of it. Until its first gradient is back it has
 * only forwards to do, and after its last forward only backwards; while what is behind it is passed, in the time S, both come
 * at the pace p and q of the longest in front ({@link io.github.skydl4j.schedule.OrderBound}). So a stage of time t = f + b is
 * not through before
 *
 * <pre>
 *   m t + (1 - f / p) S + (1 - b / q) S      or, where all forwards precede all backwards,      t + (m - 1) (p + q)
 * </pre>
 *
 * after its first input, where neither of the two shares counts below 0. Of stages only the sums f + b and p + q are known, and
 * between which shares of them f and p lie. What is said of a stage is never more than what is said of a longer one, so that
 * a plan is not given up for having less to do on one. Immutable.
 */
final class Idling {

    private final int microBatches;
    private final double contrast;
    private final double link;
    private final double more;
    private final double less;

    Idling(CostModel costs) {
        ForwardShares forwards = ForwardShares.of(costs);
        this.microBatches = costs.microBatches();
        this.contrast = forwards.contrast();
        this.link = StepFloor.leastLink(costs) / 2;
        this.more = Math.max(forwards.most(), 1 - forwards.least());
        this.less = Math.min(forwards.most(), 1 - forwards.least());
    }

    boolean hasLinks() {
        return link > 0;
    }

    /** By what factor a stage is longer with its link if that counts in proportion to its time, all of it for a time of T / m. */
    double withLink(double step) {
        return 1 + 2 * link * microBatches / step;
    }

    /** What a stage of this time takes and idles behind one that takes at least {@code longest}. */
    double behindLongest(double nanos, double behind, double longest) {
        double busy = microBatches * nanos;
        double even = 2 * longest / contrast;
        if (nanos >= even) {
            return busy;
        }
        double mixed = Math.min(busy + (2 - contrast * nanos / longest) * behind, microBatches * even);
        return Math.max(busy, Math.min(mixed, apart(nanos, longest)));
    }

    /** What a stage of this time takes and idles that is not the first. */
    double behindLink(double nanos, double behind) {
        double busy = microBatches * nanos;
        double mixed = mixedWithLink(nanos, behind);
        // Linear up to where one or the other is as long as the link, and from there on.
        for (double share : new double[] {more, less}) {
            if (share * nanos < link && share > 0) {
                mixed = Math.min(mixed, mixedWithLink(link / share, behind));
            }
        }
        return Math.max(busy, Math.min(mixed, apart(nanos, 2 * link)));
    }

    /**
     * The longest that a stage can be within a time after its first input, where one that takes at least {@code longest} is in
     * front of it; below 0 if there can be none.
     *
     * @param with what the stage itself and those behind it take
     */
    double longestBehindLongest(double time, double with, double longest) {
        double plain = time / microBatches;
        if (plain >= Math.min(2 * longest / contrast, with)) {
            return plain;
        }
        return Math.max(mixed(time, with, 2, contrast / longest), time - (microBatches - 1) * longest);
    }

    /** The same of a stage that is not the first. */
    double longestBehindLink(double time, double with) {
        double plain = time / microBatches;
        if (link == 0 || plain >= Math.min(link / less, with)) {
            return plain;
        }
        double one = Math.min(link / less, mixed(time, with, 1, less / link));
        double mixed = one >= link / more ? one : Math.min(link / more, mixed(time, with, 2, (more + less) / link));
        return Math.min(plain, Math.max(mixed, time - (microBatches - 1) * 2 * link));
    }

    private double mixedWithLink(double nanos, double behind) {
        double idle = Math.max(0, 1 - more * nanos / link) + Math.max(0, 1 - less * nanos / link);
        return microBatches * nanos + idle * behind;
    }

    private double apart(double nanos, double pace) {
        return nanos + (microBatches - 1) * pace;
    }

    /** The larger solution t of m t + (idle - slope t) (with - t) = time, or more; -1 if there is none. */
    private double mixed(double time, double with, int idle, double slope) {
        if (slope == 0) {
            return time / microBatches;
        }
        double linear = microBatches - idle - slope * with;
        double root = linear * linear - 4 * slope * (idle * with - time);
        return root < 0 ? -1 : (Math.sqrt(root) - linear) / (2 * slope);
    }
}
