package io.github.skydl4j.plan;

import io.github.skydl4j.schedule.OrderBound;

/**
 * What stages of a time of s or longer make of the step, for several s. Let H be the time of all of these stages, P that of
 * the pass, and x that of the longest. The last of them has the others before it:
 *
 * <pre>
 *   T >= (m - 1) s + H
 * </pre>
 *
 * Further, a stage of time t behind the longest one idles ({@link OrderBound}), while what is behind it is passed, for 2 (1
 * - t / x) of that, or all of its forwards precede all of its backwards and T >= (m - 1) x + H. Since (m - 1) t grows
 * faster than that shrinks, or else ends there, with t >= s
 *
 * <pre>
 *   T >= (m - 1) s + H + min(2 (1 - s / x) (P - H), (m - 1) (x - s))
 * </pre>
 *
 * where the first factor may be at most 1, that H may be put in place of what precedes the stage. With P - H at most some Q
 * the minimum is at least {@code share} (P - H), and
 *
 * <pre>
 *   T >= (m - 1) s + (1 - share) H + share P
 * </pre>
 *
 * A stage of time t a little below s counts as well: with (1 - share) t - (m - 1) (s - t) where that is above 0, as the
 * inequality of the shortest of these stages shows. Where forward and backward are not the same share of every unit, 2 is
 * {@link ForwardShares#contrast} and the idling ends
 * sooner. Immutable.
 */
final class StepThresholds {

    private static final int COUNT = 16;
    private static final double MOST = 0.95;

    private final int count;
    private final double rounds;
    private final double base;
    private final double step;
    private final double[] shares;

    /** For plans in the range whose step is below {@code limit}. */
    StepThresholds(StepRange range, double rounds, ForwardShares forwards, double limit) {
        this.count = rounds == 0 ? 0 : COUNT;
        this.rounds = rounds;
        this.base = count == 0 ? 0 : Math.min(range.longestLow() * MOST, range.slackLow() / rounds);
        this.step = (range.longestLow() - base) / COUNT;
        this.shares = new double[count + 1];
        double contrast = forwards.contrast();
        double even = Math.min(1, 2 / contrast) * range.longestLow();
        double mostBehind = limit - range.slackLow() - range.longestLow();
        for (int i = 1; i <= count; i++) {
            double idle = Math.min(0.95, 2 - contrast * nanos(i) / range.longestLow());
            double apart = mostBehind <= 0 ? idle : rounds * (even - nanos(i)) / mostBehind;
            shares[i] = Math.max(0, Math.min(idle, apart));
        }
    }

    int count() {
        return count;
    }

    /** The threshold of this number, from 1. */
    double nanos(int number) {
        return base + number * step;
    }

    /** What the step is at least beyond the weighted stages. */
    double constant(int number) {
        return rounds * nanos(number);
    }

    /** The weight of the pass; that of the stages of this time or longer is what is missing to 1. */
    double passShare(int number) {
        return shares[number];
    }

    /** What of a stage of this time counts as reaching the threshold: all, none, or some of it if it almost does. */
    double counted(int number, double stageNanos) {
        double missing = nanos(number) - stageNanos;
        return missing <= 0 ? stageNanos : Math.max(0, stageNanos - missing * rounds / (1 - shares[number]));
    }

    /** How many thresholds a stage of this time reaches. */
    int level(double stageNanos) {
        return count == 0 ? 0 : Math.max(0, Math.min(count, (int) ((stageNanos - base) / step)));
    }
}
