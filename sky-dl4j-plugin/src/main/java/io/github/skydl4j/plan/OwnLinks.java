package io.github.skydl4j.plan;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * By how much both ways over any link of a worker take longer, at least, than over the fastest link of all, wherever the cut is:
 * so much counts for it in bounds that know the worker at one end of a link, and of the other end nothing.
 */
final class OwnLinks {

    private OwnLinks() {}

    /** For every worker, of the links on which it receives activations. */
    static double[] toWorkers(CostModel costs) {
        return of(costs, (worker, other) -> costs.request().cluster().link(other, worker));
    }

    /** For every worker, of the links on which it sends activations. */
    static double[] fromWorkers(CostModel costs) {
        return of(costs, (worker, other) -> costs.request().cluster().link(worker, other));
    }

    private interface Joining {
        Link link(int worker, int other);
    }

    private static double[] of(CostModel costs, Joining joining) {
        double[] extra = new double[costs.workers()];
        if (costs.hasLinks() && !costs.hasEqualLinks()) {
            Arrays.setAll(extra, worker -> leastExtra(costs, worker, joining));
        }
        return leastOfEqual(costs, extra);
    }

    /** Workers that differ in their links alone stand for each other in searches: so the least of them counts. */
    private static double[] leastOfEqual(CostModel costs, double[] extra) {
        double[] least = extra.clone();
        for (int worker = 0; worker < least.length; worker++) {
            int first = costs.representative(worker);
            least[first] = Math.min(least[first], extra[worker]);
        }
        Arrays.setAll(least, worker -> least[costs.representative(worker)]);
        return least;
    }

    private static double leastExtra(CostModel costs, int worker, Joining joining) {
        return IntStream.range(1, costs.units())
                .mapToDouble(cut -> 2.0 * (fastest(costs, worker, cut, joining) - costs.fastestLink(cut)))
                .min()
                .orElse(0);
    }

    private static long fastest(CostModel costs, int worker, int cut, Joining joining) {
        long bytes = costs.request().units().get(cut - 1).boundaryBytes();
        return IntStream.range(0, costs.workers())
                .filter(other -> other != worker)
                .mapToLong(other -> joining.link(worker, other).nanos(bytes))
                .min()
                .orElse(costs.fastestLink(cut));
    }
}
