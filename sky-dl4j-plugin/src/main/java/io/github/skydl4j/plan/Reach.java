package io.github.skydl4j.plan;

import java.util.function.IntToLongFunction;

/**
 * How far a stage can stretch towards the front of the model under a bottleneck and within memory. Tables are made
 * when first asked for, O(units) each, and equal workers share theirs; where they would be too large an answer is a
 * binary search. Confined to one search.
 */
final class Reach {

    private static final long MOST_TABLE_ENTRIES = 1 << 24;

    private final CostModel costs;
    private final long bottleneckNanos;
    private final int[] nextLegalCut;
    private final int[][][] tables;
    private final boolean tabled;

    private Reach(CostModel costs, long bottleneckNanos, IntToLongFunction linkNanos) {
        this.costs = costs;
        this.bottleneckNanos = bottleneckNanos;
        this.nextLegalCut = nextLegalCuts(costs, bottleneckNanos, linkNanos);
        this.tables = new int[costs.workers()][][];
        this.tabled = tableEntries(costs) <= MOST_TABLE_ENTRIES;
    }

    /** What is possible whichever workers are neighbours: every cut counts with the slowest link of the cluster. */
    static Reach certain(CostModel costs, long bottleneckNanos) {
        return new Reach(costs, bottleneckNanos, costs::slowestLink);
    }

    /** What is possible at best: every cut counts with the fastest link of the cluster. */
    static Reach atBest(CostModel costs, long bottleneckNanos) {
        return new Reach(costs, bottleneckNanos, costs::fastestLink);
    }

    /** What is possible if transfers cost nothing. */
    static Reach withoutLinks(CostModel costs, long bottleneckNanos) {
        return new Reach(costs, bottleneckNanos, cut -> 0);
    }

    /**
     * The first unit of the longest stage that ends before {@code end} on the worker, as the {@code fromEnd}-th stage
     * from the end; {@code end} itself if not even one unit fits.
     */
    int first(int worker, int fromEnd, int end) {
        int inFlight = costs.hasMemoryLimit(worker) ? costs.leastInFlight(fromEnd) : 0;
        return tabled
                ? table(costs.representative(worker), inFlight)[end]
                : Math.min(end, nextLegalCut[search(worker, inFlight, end)]);
    }

    /** {@link #first} for every end, as a table. */
    int[] firsts(int worker, int fromEnd) {
        int inFlight = costs.hasMemoryLimit(worker) ? costs.leastInFlight(fromEnd) : 0;
        return table(costs.representative(worker), inFlight);
    }

    boolean isLegalCut(int cut) {
        return nextLegalCut[cut] == cut;
    }

    private int[] table(int worker, int inFlight) {
        if (tables[worker] == null) {
            // An owner of both ends has two stages: there may be one more than there are workers.
            tables[worker] = new int[costs.leastInFlight(costs.workers() + 1) + 1][];
        }
        int[][] byDepth = tables[worker];
        if (byDepth[inFlight] == null) {
            byDepth[inFlight] = tableOf(worker, inFlight);
        }
        return byDepth[inFlight];
    }

    private int[] tableOf(int worker, int inFlight) {
        int[] first = new int[costs.units() + 1];
        int low = 0;
        for (int end = 1; end <= costs.units(); end++) {
            while (low < end && !possible(worker, inFlight, low, end)) {
                low++;
            }
            first[end] = Math.min(end, nextLegalCut[low]);
        }
        return first;
    }

    private static long tableEntries(CostModel costs) {
        long entries = 0;
        for (int worker = 0; worker < costs.workers(); worker++) {
            if (costs.representative(worker) == worker) {
                int tables = costs.hasMemoryLimit(worker) ? costs.leastInFlight(costs.workers()) : 1;
                entries += (long) tables * costs.units();
            }
        }
        return entries;
    }

    private int search(int worker, int inFlight, int end) {
        int low = 0;
        int high = end;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (possible(worker, inFlight, middle, end)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    private boolean possible(int worker, int inFlight, int first, int end) {
        return costs.compute(worker, first, end) <= bottleneckNanos && costs.fits(worker, first, end, inFlight);
    }

    /** For every unit the first cut at or after it whose transfer is no longer than the bottleneck; 0 is no cut. */
    private static int[] nextLegalCuts(CostModel costs, long bottleneckNanos, IntToLongFunction linkNanos) {
        int[] next = new int[costs.units() + 1];
        next[costs.units()] = costs.units();
        for (int cut = costs.units() - 1; cut > 0; cut--) {
            next[cut] = linkNanos.applyAsLong(cut) <= bottleneckNanos ? cut : next[cut + 1];
        }
        return next;
    }
}
