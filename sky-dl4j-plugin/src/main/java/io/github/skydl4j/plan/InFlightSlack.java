package io.github.skydl4j.plan;

/**
 * The slack that a stage needs, which is what a step takes beyond the way of one micro-batch through all stages and back. It
 * has the times f and b, and S of the stages and links behind it. Where memory lets no more than K of m micro-batches be in
 * flight, no more than K forwards precede the first backward, which is back after S, nor more than K backwards follow the
 * last forward; and every K of them make a round trip of f + b + S:
 *
 * <pre>
 *   (m - 1) b + (m - K) f                                                      &lt;= slack
 *   (m - 1) f + (m - K) b                                                      &lt;= slack
 *   (m - 1) (f + b) - S + max(0, S - (K - 1) f) + max(0, S - (K - 1) b)        &lt;= slack
 *   floor((m - 1) / K) (f + b + S) + ((m - 1) mod K) max(f, b)                 &lt;= slack, for K and all above
 * </pre>
 */
final class InFlightSlack {

    private InFlightSlack() {}

    static double least(int microBatches, long inFlight, double forward, double backward, double behind) {
        long rounds = microBatches - 1L;
        double late = microBatches - Math.min(microBatches, inFlight);
        double slack = Math.max(rounds * backward + late * forward, rounds * forward + late * backward);
        if (late <= 0) {
            return slack;
        }
        double idles = rounds * (forward + backward)
                - behind
                + Math.max(0, behind - (inFlight - 1) * forward)
                + Math.max(0, behind - (inFlight - 1) * backward);
        double waits = waits(rounds, inFlight, forward + backward + behind, Math.max(forward, backward));
        return Math.max(slack, Math.max(idles, waits));
    }

    /** What the round trips take; with more in flight it may be longer, as the last ones come in another rhythm. */
    private static double waits(long rounds, long most, double roundTrip, double longer) {
        double waits = 0;
        long inFlight = most;
        for (long trips = rounds / most; trips >= 0; trips--) {
            waits = Math.max(waits, trips * roundTrip + (rounds - trips * inFlight) * longer);
            inFlight = trips == 0 ? inFlight : rounds / trips + 1;
        }
        return waits;
    }
}
