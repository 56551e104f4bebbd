package io.github.skydl4j.plan;

/**
 * The slack that a stage needs, which is what a step takes beyond the way of one micro-batch through all stages and back. It
 * has the times f and b, and S or more of the stages and links behind it. Where memory lets no more than K of m micro-batches
 * be in flight, every K of them make a round trip of f + b + S; and no more than K forwards precede the first backward, which is
 * back after S, nor more than K backwards follow the last forward, of which the last is back after S:
 *
 * <pre>
 *   (m - 1) max(f, b) + (m - K) min(f, b)           &lt;= slack
 *   q (f + b + S) + (m - 1 - q K) (f + b)           &lt;= slack, for q = 1 ... floor((m - 1) / K)
 * </pre>
 *
 * The second is q - 1 round trips, the two waits for S at the beginning and the end of what is left, and its other work. With
 * fewer in flight, or with more time behind, the slack is no less.
 */
final class InFlightSlack {

    private InFlightSlack() {}

    static double least(int microBatches, long inFlight, double forward, double backward, double behind) {
        long rounds = microBatches - 1L;
        long late = microBatches - Math.min(microBatches, inFlight);
        double busy = rounds * Math.max(forward, backward) + late * Math.min(forward, backward);
        if (late == 0) {
            return busy;
        }
        double work = forward + backward;
        long trips = work + behind > inFlight * work ? rounds / inFlight : 1;
        return Math.max(busy, trips * (work + behind) + (rounds - trips * inFlight) * work);
    }
}
