package io.github.skydl4j.plan;

/**
 * The slack that a stage needs, which is what a step takes beyond the way of one micro-batch through all stages and back. It
 * has the times f and b, and S or more of the stages and links behind it. Where memory lets no more than K of m micro-batches
 * be in flight, the forward of the (k + K)-th begins when k are through, so every K of them make a round trip of f + b + S;
 * no more than K forwards precede the first backward, nor more than K backwards follow the last forward:
 *
 * <pre>
 *   (m - 1) max(f, b) + (m - K) min(f, b)           &lt;= slack
 *   q (f + b + S) + (m - 1 - q K) (f + b)           &lt;= slack, for q = 1 ... floor((m - 1) / K)
 * </pre>
 *
 * Of the second, q - 1 round trips are followed by the first K forwards of those left, the wait for their gradients, and as
 * much work as is left but for K backwards, which wait in turn for what the last forward brings. With fewer in flight, or with
 * more time behind, it is no less.
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
