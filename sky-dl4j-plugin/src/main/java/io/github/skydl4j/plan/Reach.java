package io.github.skydl4j.plan;

/**
 * How far a stage can stretch towards the front of the model under a bottleneck and within memory. Confined to one
 * search; O(log units) a question.
 */
final class Reach {

    private final CostModel costs;
    private final long bottleneckNanos;
    private final int[] nextLegalCut;

    Reach(CostModel costs, long bottleneckNanos) {
        this.costs = costs;
        this.bottleneckNanos = bottleneckNanos;
        this.nextLegalCut = nextLegalCuts(costs, bottleneckNanos);
    }

    /**
     * The first unit of the longest stage that ends before {@code end} on the worker, being the {@code fromEnd}-th
     * stage from the end; {@code end} itself if not even one unit fits.
     */
    int first(int worker, int fromEnd, int end) {
        int low = 0;
        int high = end;
        int inFlight = costs.leastInFlight(fromEnd);
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (costs.compute(worker, middle, end) <= bottleneckNanos && costs.fits(worker, middle, end, inFlight)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return Math.min(end, nextLegalCut[low]);
    }

    /** For every unit the first cut at or after it whose transfer is no longer than the bottleneck; 0 is no cut. */
    private static int[] nextLegalCuts(CostModel costs, long bottleneckNanos) {
        int[] next = new int[costs.units() + 1];
        next[costs.units()] = costs.units();
        for (int cut = costs.units() - 1; cut > 0; cut--) {
            next[cut] = costs.slowestLink(cut) <= bottleneckNanos ? cut : next[cut + 1];
        }
        return next;
    }
}
